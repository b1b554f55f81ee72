import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMarkParser, type ShellMark } from './mark-parser.ts';

const NONCE = '0123456789abcdef0123456789abcdef';
const mark = (body: string, nonce = NONCE) => `\u001b]6973;${nonce};${body}\u0007`;

/** Bytes and marks, each mark with the offset of the bytes before it. */
function parse(chunks: readonly Uint8Array[]) {
  const parser = createMarkParser(NONCE);
  const bytes: Uint8Array[] = [];
  const marks: { readonly at: number; readonly mark: ShellMark }[] = [];
  let length = 0;
  const take = (part: Uint8Array) => {
    bytes.push(part);
    length += part.length;
  };
  for (const chunk of chunks) {
    for (const part of parser.push(chunk)) {
      if (part.kind === 'bytes') take(part.bytes);
      else marks.push({ at: length, mark: part.mark });
    }
  }
  take(parser.release());
  return { bytes: Buffer.concat(bytes).toString('latin1'), marks };
}

function split(text: string, cuts: readonly number[]): Uint8Array[] {
  const bytes = Buffer.from(text, 'latin1');
  const at = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

const realMark = fc.constantFrom(
  mark('R'),
  mark('P;0;1769212345.123456'),
  mark('P;130;'),
  mark('C;1769212345.123456;0;1;echo a\\x3b b\\\\;/tmp;x'),
  mark('C;;1;0;;/;'),
);
const bogus = fc.constantFrom(
  mark('P;0;', 'ffffffffffffffffffffffffffffffff'),
  mark('P;0;').slice(0, 20),
  '\u001b]6973;',
  '\u001b',
  '\u001b[31m',
  '\u001b]0;title\u0007',
);
const ordinary = fc.string({ maxLength: 20 }).map((text) => Buffer.from(text).toString('latin1'));

describe('mark parser', () => {
  it('finds the same marks at the same places and the same bytes, however the output is split', () => {
    const stream = fc.array(
      fc.oneof(
        realMark.map((text) => ({ text, real: true })),
        fc.oneof(bogus, ordinary).map((text) => ({ text, real: false })),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 20 }), (parts, cuts) => {
        const text = parts.map((part) => part.text).join('');
        const whole = parse([Buffer.from(text, 'latin1')]);
        expect(parse(split(text, cuts))).toEqual(whole);
        // An unfinished mark swallows nothing: whatever is not a mark is there, in order.
        expect(whole.bytes.length + whole.marks.length).toBeGreaterThanOrEqual(
          parts.filter((part) => !part.real).reduce((sum, part) => sum + part.text.length, 0),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('passes bytes without our marks untouched', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(bogus, ordinary)), fc.array(fc.nat()), (parts, cuts) => {
        const text = parts.join('').replaceAll(NONCE, 'no');
        expect(parse(split(text, cuts))).toEqual({ bytes: text, marks: [] });
      }),
    );
  });

  it('decodes a line to the character', () => {
    const body = 'C;1769212345.123456;2;1;printf "\\x3b\\\\n" \\x09\u00c3\u00a9\\x0adone;/srv/a\\x3bb;x';
    expect(parse([Buffer.from(`a${mark(body)}b`, 'latin1')])).toEqual({
      bytes: 'ab',
      marks: [
        {
          at: 1,
          mark: {
            kind: 'command',
            line: 'printf ";\\n" \té\ndone',
            exact: true,
            cwd: '/srv/a;b',
            at: 1_769_212_345_123,
            previousExitCode: 2,
          },
        },
      ],
    });
  });

  it('gives up on a mark that never ends, and on a broken one, and passes on no nonce', () => {
    const endless = `\u001b]6973;${NONCE};C;${'x'.repeat(300_000)}`;
    expect(parse(split(endless, [100, 70_000, 200_000])).bytes).toBe(`C;${'x'.repeat(300_000)}`);
    for (const broken of [mark('P;0;x;y;z'), mark('C;1795522387.898856;0;;'), mark('C;;0').slice(0, -1)]) {
      expect(parse([Buffer.from(`a${broken}\r\nb`, 'latin1')])).toEqual({ bytes: 'a\r\nb', marks: [] });
    }
    expect(parse([Buffer.from(`a${mark('P;0;').slice(0, -1)}`, 'latin1')]).bytes).toBe('aP;0;');
  });
});
