import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CREDIT_WINDOW_BYTES, CREDIT_WINDOW_MAX_BYTES } from '#protocol/frame/frame.ts';
import { CreditWindow, windowFor } from './credit-window.ts';

const FRAME_BYTES = 64 * 1024;

interface Line {
  readonly roundTripMs: number;
  readonly drawnBytesPerMs: number;
  /** What the machine prints at most; left out: more than anybody draws. */
  readonly printedBytesPerMs?: number;
  /** The answer to `ready` comes so much later. */
  readonly hiccupMs?: number;
}

/** A flood of five seconds, after the console's answer to `ready`. */
function flood({ roundTripMs, drawnBytesPerMs, printedBytesPerMs = 100_000, hiccupMs = 0 }: Line) {
  let now = 0;
  const window = new CreditWindow(
    () => now,
    () => 0,
  );
  window.sent(0, 0);
  now += roundTripMs + hiccupMs;
  window.drawn(0);
  const startedAt = now;
  const atFirstBytes = window.bytes;
  const acks: { readonly at: number; readonly endBytes: number }[] = [];
  let [printed, sent, drawn, limit, drawingUntil] = [0, 0, 0, window.bytes, 0];
  for (; now < startedAt + 5000; now += 1) {
    printed += printedBytesPerMs;
    for (let ack = acks[0]; ack !== undefined && ack.at <= now; [ack] = acks) {
      acks.shift();
      drawn = ack.endBytes;
      window.drawn(drawn);
      limit = Math.max(limit, drawn + window.bytes);
    }
    while (sent + FRAME_BYTES <= Math.min(limit, printed)) {
      sent += FRAME_BYTES;
      window.sent(sent, drawn);
      drawingUntil = Math.max(now + roundTripMs / 2, drawingUntil) + FRAME_BYTES / drawnBytesPerMs;
      acks.push({ at: drawingUntil + roundTripMs / 2, endBytes: sent });
    }
  }
  const waitsMs = drawingUntil - now - roundTripMs / 2;
  return { atFirstBytes, bytes: window.bytes, bytesPerMs: drawn / 5000, waitsMs };
}

describe('the window', () => {
  it('is the usual one for a console that is near, however much it draws', () => {
    const near = flood({ roundTripMs: 1, drawnBytesPerMs: 50_000 });
    expect([near.atFirstBytes, near.bytes]).toEqual([CREDIT_WINDOW_BYTES, CREDIT_WINDOW_BYTES]);
  });

  it('never shrinks with the distance, and stays within its bounds whatever is measured', () => {
    const number = fc.double({ min: 0, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(number, number, number, (nearMs, moreMs, bytesPerMs) => {
        const bytes = windowFor(nearMs, bytesPerMs);
        expect(bytes).toBeGreaterThanOrEqual(CREDIT_WINDOW_BYTES);
        expect(windowFor(nearMs + moreMs, bytesPerMs)).toBeGreaterThanOrEqual(bytes);
        expect(windowFor(nearMs + moreMs, bytesPerMs)).toBeLessThanOrEqual(CREDIT_WINDOW_MAX_BYTES);
        expect(Number.isInteger(bytes)).toBe(true);
      }),
    );
  });

  it.each([30, 50, 80])('lets a console draw at its own speed over a line of %i ms', (roundTripMs) => {
    for (const drawnBytesPerMs of [8000, 12_000, 16_000]) {
      const { bytesPerMs } = flood({ roundTripMs, drawnBytesPerMs });
      expect(bytesPerMs).toBeGreaterThan(0.9 * drawnBytesPerMs);
    }
  });

  it('leaves no more waiting at the end of a long line than of a short one', () => {
    for (const drawnBytesPerMs of [3000, 8000, 12_000]) {
      const near = flood({ roundTripMs: 1, drawnBytesPerMs });
      const far = flood({ roundTripMs: 100, drawnBytesPerMs });
      expect(far.waitsMs).toBeLessThan(near.waitsMs + FRAME_BYTES / drawnBytesPerMs);
    }
  });

  it('takes a machine that prints slowly for no console that draws slowly', () => {
    const { atFirstBytes, bytes } = flood({
      roundTripMs: 80,
      drawnBytesPerMs: 12_000,
      printedBytesPerMs: 1000,
    });
    expect(bytes).toBe(atFirstBytes);
  });

  it('forgets a line that was slow only once', () => {
    const calm = flood({ roundTripMs: 1, drawnBytesPerMs: 12_000 });
    const { atFirstBytes, bytes } = flood({ roundTripMs: 1, drawnBytesPerMs: 12_000, hiccupMs: 400 });
    expect(atFirstBytes).toBe(CREDIT_WINDOW_MAX_BYTES);
    expect(bytes).toBe(calm.bytes);
  });

  it('counts the machine’s leg as well', () => {
    let now = 0;
    const window = new CreditWindow(
      () => now,
      () => 40,
    );
    window.sent(0, 0);
    now = 10;
    window.drawn(0);
    expect(window.bytes).toBe(windowFor(50));
    expect(window.bytes).toBeGreaterThan(CREDIT_WINDOW_BYTES);
  });
});
