// xterm loses characters that two writes share: the second byte of one such as “ … 。 (0x80) it takes for its end.
import { joinedBytes } from '../joined-bytes.ts';

const NONE = new Uint8Array(0);

/** Passes UTF-8 on in whole characters; the beginning of one waits for its rest. Other bytes pass as they are. */
export function wholeCharacters(): (bytes: Uint8Array) => Uint8Array {
  let held: Uint8Array = NONE;
  return (bytes) => {
    const all = held.length === 0 ? bytes : joinedBytes([held, bytes]);
    const end = characterStart(all, all.length);
    held = all.slice(end);
    return all.subarray(0, end);
  };
}

/** `at`, or where the character begins that would be cut there. */
export function characterStart(bytes: Uint8Array, at: number): number {
  for (let back = 1; back <= 3 && back <= at; back += 1) {
    const byte = bytes[at - back] ?? 0;
    // 10xxxxxx goes on with what another byte began.
    if ((byte & 0xc0) !== 0x80) return lengthOf(byte) > back ? at - back : at;
  }
  return at;
}

function lengthOf(firstByte: number): number {
  if (firstByte >= 0xf8) return 1;
  if (firstByte >= 0xf0) return 4;
  if (firstByte >= 0xe0) return 3;
  return firstByte >= 0xc0 ? 2 : 1;
}
