// What no honest peer sends. Made from a seed, so that a run can be repeated.
import { encodeFrame, FrameKind } from '#protocol/frame/frame.ts';

export type Random = () => number;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const upTo = (random: Random, limit: number): number => Math.floor(random() * limit);
const bytesOf = (random: Random, length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, () => upTo(random, 256)));

type FrameMaker = (random: Random) => Buffer;

/** By class, each of them refused or dropped by whoever receives it. */
export const FRAMES: Readonly<Record<string, FrameMaker>> = {
  'random bytes': (random) => bytesOf(random, upTo(random, 200)),
  'a valid frame with bits turned over': (random) => {
    const kind = random() < 0.5 ? FrameKind.input : FrameKind.outputAck;
    const payload = kind === FrameKind.input ? bytesOf(random, upTo(random, 64)) : new Uint8Array(0);
    const frame = Buffer.from(encodeFrame(kind, upTo(random, 1e6), payload));
    for (let i = 0; i < 3; i += 1) {
      const at = upTo(random, frame.length);
      frame[at] = (frame[at] ?? 0) ^ (1 << upTo(random, 8));
    }
    return frame;
  },
  'a kind of the other direction': (random) => {
    const kinds = [FrameKind.credit, FrameKind.free, FrameKind.output, FrameKind.inputAck];
    return Buffer.from(encodeFrame(kinds[upTo(random, kinds.length)] ?? FrameKind.free, upTo(random, 1e9)));
  },
  'an unknown kind or channel': (random) => {
    const frame = Buffer.from(encodeFrame(FrameKind.input, 0, bytesOf(random, 8)));
    frame[random() < 0.5 ? 0 : 1] = 7 + upTo(random, 248);
    return frame;
  },
  'an offset beyond all': (random) => {
    const frame = Buffer.from(encodeFrame(random() < 0.5 ? FrameKind.input : FrameKind.outputAck, 0));
    frame.writeBigUInt64BE(0xffff_ffff_ffff_ffffn - BigInt(upTo(random, 1e9)), 2);
    return frame;
  },
  'cut off in its header': (random) => bytesOf(random, upTo(random, 10)),
  'a payload where none belongs': (random) =>
    Buffer.from(encodeFrame(FrameKind.outputAck, 0, bytesOf(random, 1 + upTo(random, 32)))),
  'more than 64 KB': (random) =>
    Buffer.from(encodeFrame(FrameKind.input, 0, new Uint8Array(65_537 + upTo(random, 20_000)))),
};

type TextMaker = (random: Random) => string | Buffer;

export const TEXTS: Readonly<Record<string, TextMaker>> = {
  'no JSON': (random) => bytesOf(random, 1 + upTo(random, 200)).toString('latin1'),
  'JSON cut off': (random) => {
    const text = JSON.stringify({
      type: 'request',
      id: 1,
      verb: 'machine.search',
      params: { query: 'x', limit: 10 },
    });
    return text.slice(0, 1 + upTo(random, text.length - 2));
  },
  'deep JSON': (random) => {
    const depth = 5000 + upTo(random, 5000);
    return `{"type":"request","id":1,"verb":"nothing.there","params":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  },
  'wrong types': (random) =>
    JSON.stringify({
      type: ['request', 'hello', 'token', 'fact', 'resize', null, 7][upTo(random, 7)],
      id: [-1, 1e308, 'one', null, {}][upTo(random, 5)],
      verb: ['__proto__', 'constructor', 'toString', 'workspace.enter.', ''][upTo(random, 5)],
      params: [[], 0, null, 'x', { __proto__: { org: 'x' } }][upTo(random, 5)],
      token: 'x'.repeat(upTo(random, 9000)),
      protocolVersion: random() < 0.5 ? '1' : Number.MAX_VALUE,
      signature: 'A'.repeat(upTo(random, 200)),
    }),
  'a very wide object': (random) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}-${random()}`, i]))),
  'bytes where text belongs': (random) => bytesOf(random, 1 + upTo(random, 500)),
};
