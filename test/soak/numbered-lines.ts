/** Lines of sixteen bytes that say their own number, from 1: any cut of them shows what is missing, twice or out of order. */
export const LINE_BYTES = 16;

export function numberedLine(number: number): string {
  return `${String(number).padStart(LINE_BYTES - 1, '0')}\n`;
}

/** Checks a stream of numbered lines piece by piece, without keeping it. Pieces may skip ahead, never back. */
export class NumberedLines {
  #wrongAt: number | null = null;
  #checkedBytes = 0;

  /** Bytes that were as they should be. */
  get checkedBytes(): number {
    return this.#checkedBytes;
  }

  /** Offset of the first wrong byte; null while there is none. */
  get wrongAt(): number | null {
    return this.#wrongAt;
  }

  /** @param offset of the piece's first byte in the stream */
  check(offset: number, piece: Uint8Array): void {
    if (this.#wrongAt !== null) return;
    let at = 0;
    while (at < piece.length) {
      const line = Math.floor((offset + at) / LINE_BYTES) + 1;
      const inLine = (offset + at) % LINE_BYTES;
      const expected = Buffer.from(numberedLine(line)).subarray(inLine);
      const part = piece.subarray(at, at + expected.length);
      if (!expected.subarray(0, part.length).equals(part)) {
        this.#wrongAt = offset + at;
        return;
      }
      at += part.length;
    }
    this.#checkedBytes += piece.length;
  }
}
