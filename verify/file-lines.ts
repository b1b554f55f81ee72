import { readSync } from 'node:fs';

const CHUNK_BYTES = 1 << 20;
const LINE_BREAK = 0x0a;

/** Lines of a file, without their line breaks. What follows the last line break is no line. */
export function* fileLines(descriptor: number): Generator<Buffer> {
  let rest = Buffer.alloc(0);
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const count = readSync(descriptor, chunk, 0, CHUNK_BYTES, null);
    if (count === 0) break;
    const bytes =
      rest.length === 0 ? chunk.subarray(0, count) : Buffer.concat([rest, chunk.subarray(0, count)]);
    rest = Buffer.from(yield* linesOf(bytes));
  }
  // A line without its end: cut off, or not ours.
  if (rest.length > 0) yield rest.subarray(0, 0);
}

/** Yields whole lines and returns what is left. */
export function* linesOf(bytes: Buffer): Generator<Buffer, Buffer> {
  let from = 0;
  for (let to = bytes.indexOf(LINE_BREAK); to >= 0; to = bytes.indexOf(LINE_BREAK, from)) {
    yield bytes.subarray(from, to);
    from = to + 1;
  }
  return bytes.subarray(from);
}
