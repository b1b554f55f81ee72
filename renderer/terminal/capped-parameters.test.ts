import fc from 'fast-check';
import { Terminal } from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { capParameters } from '#protocol/output/capped-parameters.ts';

const SIZE = { cols: 40, rows: 12 };
const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

function capped(text: string): string {
  return decode(capParameters(() => SIZE)(encode(text)));
}

/** Everything that can be seen: the lines, the cursor, what the program was answered. */
async function screenOf(chunks: readonly Uint8Array[]) {
  const terminal = new Terminal({ ...SIZE, scrollback: 30, allowProposedApi: true, logLevel: 'off' });
  let answers = '';
  terminal.onData((data) => {
    answers += data;
  });
  for (const chunk of chunks) await new Promise<void>((resolve) => terminal.write(chunk, resolve));
  const buffer = terminal.buffer.active;
  const lines = Array.from({ length: buffer.length }, (_, y) => buffer.getLine(y)?.translateToString());
  const screen = { lines, type: buffer.type, x: buffer.cursorX, y: buffer.cursorY, answers };
  terminal.dispose();
  return screen;
}

function cut(bytes: Uint8Array, at: readonly number[]): readonly Uint8Array[] {
  const places = [
    0,
    ...at.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b),
    bytes.length,
  ];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

function mostOf(final: string): number {
  if (final === 'b') return 2 * SIZE.cols;
  if ('IZ'.includes(final)) return SIZE.cols;
  return 'LMST'.includes(final) ? SIZE.rows : 10_000;
}

const FINALS = Array.from({ length: 0x7f - 0x40 }, (_, index) => String.fromCharCode(0x40 + index));
const MARKERS = ['', '?', '>', '=', '<', '!'];
const PARAMETERS = ['2147483647', '99999999999', '1;2147483647', '2147483647;1', ';;999999', '0000099999:7'];

describe('capParameters', () => {
  it('leaves no number beyond the screen in what repeats, and none over 10,000 in any form of sequence', () => {
    for (const introducer of ['\u001B[', '\u009B']) {
      for (const final of FINALS) {
        for (const marker of MARKERS) {
          for (const parameters of PARAMETERS) {
            const text = capped(`a${introducer}${marker}${parameters}${final}b`);
            const most = mostOf(final);
            const numbers = text.slice(1).match(/[0-9]+/g) ?? [];
            expect(Math.max(...numbers.map(Number)), JSON.stringify(text)).toBeLessThanOrEqual(most);
          }
        }
      }
    }
  });

  it('cannot be got round: controls between digits, restarts, sequences without end', () => {
    expect(capped('\u001B[9\n9999\t999L')).toBe('\u001B[\n\t12L');
    expect(capped('\u001B[99999\u001B[99999M')).toBe('\u001B[10000\u001B[12M');
    expect(capped('\u001B]0;\u001B[99999S')).toBe('\u001B]0;\u001B[12S');
    const endless = capped(`\u001B[${'9'.repeat(100_000)}L`);
    expect(endless).toBe('\u001B[12L');
  });

  it('touches nothing but numbers of sequences', () => {
    for (const text of [
      'order 99999999 of 2147483647\r\n',
      '\u001B]8;;https://example.test/99999999\u0007link 99999999\u001B]8;;\u0007',
      '\u001B[38;2;255;128;0mcolour\u001B[0m\u001B[?2004h\u001B[?1049h',
      '\u001BP$q"p\u001B\\',
      'Ă \u00C2 ünïcode 漢字 🦊',
    ]) {
      expect(capped(text)).toBe(text);
    }
  });

  it('shows what xterm alone would show, however the bytes are cut', { timeout: 60_000 }, async () => {
    const number = fc.oneof(fc.nat(60), fc.constantFrom('', 0, 1049, 2004, 25, 47));
    const sequence = fc
      .tuple(
        fc.constantFrom('\u001B[', '\u009B'),
        fc.constantFrom('', '', '', '?', '>', '!'),
        fc.array(number, { maxLength: 3 }),
        fc.constantFrom(...FINALS),
      )
      .map(([introducer, marker, numbers, final]) => {
        // More repeats than the screen has cells are cut off, and would be seen above it.
        const shown = final === 'b' ? numbers.map((count) => (Number(count) > 60 ? 60 : count)) : numbers;
        return `${introducer}${marker}${shown.join(';')}${final}`;
      });
    const piece = fc.oneof(
      fc.constantFrom(
        'hello',
        '漢字',
        '\r\n',
        '\t',
        '\u001B7',
        '\u001B8',
        '\u001B',
        '\u0018',
        '\u001BM',
        '\u001B[5',
      ),
      sequence,
      sequence,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 25 }),
        fc.array(fc.nat(400), { maxLength: 6 }),
        async (pieces, at) => {
          const bytes = encode(pieces.join(''));
          const cap = capParameters(() => SIZE);
          const seen = await screenOf(cut(bytes, at).map((chunk) => cap(chunk.slice())));
          const alone = await screenOf([bytes]);
          expect(seen).toEqual(alone);
        },
      ),
      { numRuns: 300 },
    );
  });
});
