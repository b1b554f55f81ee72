import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeFrame,
  encodeFrame,
  FRAME_HEADER_BYTES,
  FRAME_PAYLOAD_MAX_BYTES,
  FrameKind,
  unseenPart,
} from './frame.ts';

describe('frame codec', () => {
  it('matches the golden bytes', () => {
    const bytes = encodeFrame(FrameKind.output, 0x1_0000_0002, new Uint8Array([0x68, 0x69]));
    expect([...bytes]).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0x68, 0x69]);
  });

  it('returns what was encoded, for every kind, offset and payload', () => {
    const kinds = fc.constantFrom(FrameKind.output, FrameKind.input);
    fc.assert(
      fc.property(kinds, fc.maxSafeNat(), fc.uint8Array({ maxLength: 300 }), (kind, offset, payload) => {
        const decoded = decodeFrame(encodeFrame(kind, offset, payload));
        expect(decoded).toEqual({ ok: true, frame: { kind, channel: 0, offsetBytes: offset, payload } });
      }),
    );
  });

  it('never throws on arbitrary bytes, and never returns an unknown kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const decoded = decodeFrame(bytes);
        if (decoded.ok) expect(decoded.frame.kind).toBeLessThanOrEqual(FrameKind.free);
      }),
      { numRuns: 5000 },
    );
  });

  it('refuses oversized, unsafe and misplaced content with a reason', () => {
    expect(decodeFrame(new Uint8Array(FRAME_HEADER_BYTES + FRAME_PAYLOAD_MAX_BYTES + 1))).toEqual({
      ok: false,
      reason: 'too_large',
    });
    const unsafe = encodeFrame(FrameKind.output, 0);
    unsafe[2] = 0xff;
    expect(decodeFrame(unsafe)).toEqual({ ok: false, reason: 'offset_out_of_range' });
    expect(decodeFrame(encodeFrame(FrameKind.credit, 1, new Uint8Array(1)))).toEqual({
      ok: false,
      reason: 'unexpected_payload',
    });
  });
});

describe('unseenPart', () => {
  it('rebuilds a stream from any duplicated, overlapping delivery that leaves no gap', () => {
    const stream = Uint8Array.from({ length: 200 }, (_, i) => i);
    const cuts = fc.array(fc.tuple(fc.nat(200), fc.nat(60)), { maxLength: 30 });
    fc.assert(
      fc.property(cuts, (ranges) => {
        let have = 0;
        for (const [start, length] of [...ranges, [0, 200] as const]) {
          const end = Math.min(200, start + length);
          const part = unseenPart(have, start, stream.subarray(start, end));
          if (part.state !== 'new') continue;
          expect(part.payload[0]).toBe(have);
          have += part.payload.length;
        }
        expect(have).toBe(200);
      }),
    );
  });
});
