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
      { kind: 'hidden', name: 'U+202E', at: 1, removed: false },
      { kind: 'hidden', name: 'ESC', at: 2, removed: false },
      { kind: 'text', text: '[0m' },
      { kind: 'hidden', name: 'U+200B', at: 4, removed: false },
      { kind: 'text', text: 'x' },
    ]);
  });

  it('tells what was removed from what is left', () => {
    expect(visibleParts('\tls\u202E\u17B4x', '\tlsx')).toEqual([
      { kind: 'hidden', name: 'TAB', at: 0, removed: false },
      { kind: 'text', text: 'ls' },
      { kind: 'hidden', name: 'U+202E', at: 2, removed: true },
      { kind: 'hidden', name: 'U+17B4', at: 3, removed: true },
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
