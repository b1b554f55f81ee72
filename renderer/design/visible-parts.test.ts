import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleParts } from './visible-parts.ts';

const anyText = fc
  .array(fc.oneof(fc.nat(0xff), fc.nat(0x10ffff)), { maxLength: 40 })
  .map((points) => String.fromCodePoint(...points));

describe('visibleParts', () => {
  it('names what would not be seen', () => {
    expect(visibleParts('ls\u202E\u001B[0m\u200Bx')).toEqual([
      { kind: 'text', text: 'ls' },
      { kind: 'hidden', name: 'U+202E', at: 1 },
      { kind: 'hidden', name: 'ESC', at: 2 },
      { kind: 'text', text: '[0m' },
      { kind: 'hidden', name: 'U+200B', at: 4 },
      { kind: 'text', text: 'x' },
    ]);
  });

  it('loses no visible character and leaves no control or format character in the text', () => {
    fc.assert(
      fc.property(anyText, (line) => {
        const text = visibleParts(line)
          .map((part) => (part.kind === 'text' ? part.text : ''))
          .join('');
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(text.replaceAll(/[^ -~]/gu, '')).toBe(line.replaceAll(/[^ -~]/gu, ''));
      }),
    );
  });
});
