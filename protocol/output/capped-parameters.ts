// Thirteen bytes can freeze a terminal: `CSI 2147483647 L` inserts that many lines, one by one. No sequence needs more
// lines or columns than the screen has, so what comes from a machine is capped before xterm parses it.
import type { TerminalSize } from '#protocol/control/verbs.ts';

/** Nothing that a sequence can say is larger: mode numbers, colours, positions. */
const LARGEST = 10_000;
/** Longer sequences lose what is beyond; real ones (many colours at once) stay below 200. */
const SEQUENCE_MAX_BYTES = 512;

const ESC = 0x1b;
const CANCEL = 0x18;
const SUBSTITUTE = 0x1a;
/** `ESC [`, and U+009B in UTF-8: what begins a sequence, first byte → second. */
const SECOND_BYTE: Readonly<Record<number, number>> = { [ESC]: 0x5b, 0xc2: 0x9b };

/**
 * A filter for the bytes of one terminal, in order, cut anywhere: it returns the bytes to parse. A sequence that is not
 * complete yet is held back, and comes out with the chunk that ends it.
 * @param size of the screen now; counts beyond it mean the same as the size
 */
export function capParameters(size: () => TerminalSize): (chunk: Uint8Array) => Uint8Array {
  /** First byte of what may begin a sequence, 0: none. */
  let first = 0;
  let inside = false;
  const held = new Uint8Array(SEQUENCE_MAX_BYTES);
  let heldLength = 0;

  return (chunk) => {
    if (!inside && first === 0 && !chunk.includes(ESC) && !chunk.includes(0xc2)) return chunk;
    // A number only gets shorter, so this is room enough.
    const out = new Uint8Array(heldLength + chunk.length);
    let length = 0;
    for (const byte of chunk) {
      if (inside) {
        const isFinal = byte >= 0x40 && byte <= 0x7e;
        if (!isFinal && byte <= 0x7f && byte !== ESC && byte !== CANCEL && byte !== SUBSTITUTE) {
          // Controls inside a sequence are carried out at once and change nothing of it (ECMA-48, VT500).
          if (byte < 0x20) out[length++] = byte;
          else if (heldLength < SEQUENCE_MAX_BYTES) held[heldLength++] = byte;
          continue;
        }
        const parameters = capNumbers(held.subarray(0, heldLength), isFinal ? most(byte, size()) : LARGEST);
        out.set(parameters, length);
        length += parameters.length;
        heldLength = 0;
        inside = false;
        first = 0;
      }
      out[length++] = byte;
      inside = first !== 0 && SECOND_BYTE[first] === byte;
      first = byte === ESC || byte === 0xc2 ? byte : 0;
    }
    return out.subarray(0, length);
  };
}

/** The largest number that means anything to a sequence that ends so. */
function most(final: number, { cols, rows }: TerminalSize): number {
  switch (String.fromCharCode(final)) {
    // Lines inserted, deleted, scrolled: xterm does them one by one.
    case 'L':
    case 'M':
    case 'S':
    case 'T':
      return rows;
    // Tabs, forwards and backwards.
    case 'I':
    case 'Z':
      return cols;
    // The last character again, which may be made of many, in insert mode or in a link: programs repeat within a line.
    case 'b':
      return 2 * cols;
    default:
      return LARGEST;
  }
}

/** The same bytes, with every number that says more than `limit` replaced by `limit`. */
function capNumbers(bytes: Uint8Array, limit: number): Uint8Array {
  if (!exceeds(bytes, limit)) return bytes;
  const capped = String.fromCharCode(...bytes).replaceAll(/[0-9]+/g, (digits) =>
    Number(digits) <= limit ? digits : String(limit),
  );
  return Uint8Array.from(capped, (char) => char.charCodeAt(0));
}

function exceeds(bytes: Uint8Array, limit: number): boolean {
  let number = 0;
  for (const byte of bytes) {
    const isDigit = byte >= 0x30 && byte <= 0x39;
    number = isDigit ? number * 10 + (byte - 0x30) : 0;
    if (number > limit) return true;
  }
  return false;
}
