import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, FRAME_PAYLOAD_MAX_BYTES, FrameKind } from '#protocol/frame/frame.ts';
import type { Clock } from '../clock.ts';
import { createOutputRing } from './output-ring.ts';
import { createOutputSender } from './output-sender.ts';

/** Distinct at every offset within a run, so that a byte of the wrong place shows. */
function pattern(from: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => ((from + i) * 31 + ((from + i) >> 8) * 17) & 0xff);
}

function handClock() {
  const timers: { at: number; fire: () => void }[] = [];
  let now = 1000;
  const clock: Clock = {
    now: () => now,
    timer(delayMs, fire) {
      const timer = { at: now + delayMs, fire };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0);
    },
    random: () => 0.5,
    fillRandom: () => {},
  };
  const advance = (ms: number) => {
    now += ms;
    for (const timer of timers.filter(({ at }) => at <= now)) {
      timers.splice(timers.indexOf(timer), 1);
      timer.fire();
    }
  };
  return { clock, advance };
}

function sending() {
  const { clock, advance } = handClock();
  const ring = createOutputRing();
  const frames: { offset: number; payload: Uint8Array }[] = [];
  const sender = createOutputSender(ring, clock, {
    send(bytes) {
      const decoded = decodeFrame(bytes);
      if (!decoded.ok || decoded.frame.kind !== FrameKind.output) throw new Error('not output');
      frames.push({ offset: decoded.frame.offsetBytes, payload: decoded.frame.payload });
    },
    gone: () => {},
    sent: () => {},
  });
  const append = (bytes: Uint8Array | string) => {
    ring.append(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
    sender.appended(false);
  };
  return { ring, sender, frames, advance, append };
}

describe('output ring', () => {
  it('returns every byte at its offset, whatever was appended and freed', () => {
    const step = fc.oneof(
      fc.record({ append: fc.nat({ max: 50_000 }) }),
      fc.record({ freeTo: fc.double({ min: 0, max: 1, noNaN: true }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const ring = createOutputRing();
        for (const action of steps) {
          if ('append' in action) ring.append(pattern(ring.endBytes, action.append));
          else ring.free(ring.startBytes + Math.floor(action.freeTo * ring.sizeBytes));
          for (let at = ring.startBytes; at < ring.endBytes;) {
            const part = ring.read(at, 10_000);
            expect(part.length).toBeGreaterThan(0);
            expect(Buffer.compare(part, pattern(at, part.length))).toBe(0);
            at += part.length;
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('output sender', () => {
  it('sends nothing beyond credit, everything within it, in order and without holes', () => {
    const step = fc.oneof(
      fc.record({ append: fc.integer({ min: 1, max: 100_000 }) }),
      fc.record({ credit: fc.integer({ min: 0, max: 150_000 }) }),
      fc.record({ wait: fc.nat({ max: 5 }) }),
      fc.record({ restartAt: fc.double({ min: 0, max: 1, noNaN: true }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { ring, sender, frames, advance, append } = sending();
        let next = 0;
        let limit = 0;
        sender.restart(0);
        for (const action of steps) {
          if ('append' in action) append(pattern(ring.endBytes, action.append));
          else if ('credit' in action) {
            limit = Math.max(limit, next + action.credit);
            sender.credit(limit);
          } else if ('wait' in action) advance(action.wait);
          else {
            next = Math.floor(action.restartAt * sender.sentBytes);
            limit = next;
            sender.restart(next);
          }
          for (const { offset, payload } of frames.splice(0)) {
            expect(offset).toBe(next);
            expect(payload.length).toBeLessThanOrEqual(FRAME_PAYLOAD_MAX_BYTES);
            expect(Buffer.compare(payload, pattern(offset, payload.length))).toBe(0);
            next += payload.length;
            expect(next).toBeLessThanOrEqual(limit);
          }
        }
        advance(10);
        for (const { payload } of frames) next += payload.length;
        expect(next).toBe(Math.max(next, Math.min(limit, ring.endBytes)));
      }),
      { numRuns: 60 },
    );
  });

  it('sends the first bytes after a pause at once, and gathers what follows', () => {
    const { sender, frames, advance, append } = sending();
    sender.restart(0);
    sender.credit(1_000_000);
    append('a');
    expect(frames.length).toBe(1);
    append('b');
    append('c');
    expect(frames.length).toBe(1);
    advance(3);
    expect(frames.map(({ payload }) => Buffer.from(payload).toString())).toEqual(['a', 'bc']);
    advance(50);
    append('d');
    expect(frames.length).toBe(3);
    append(pattern(4, FRAME_PAYLOAD_MAX_BYTES));
    expect(frames.length).toBeGreaterThan(3);
  });
});
