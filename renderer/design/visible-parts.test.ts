import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasHidden } from '#protocol/plain-text.ts';
import { visibleParts } from './visible-parts.ts';

/** Combining marks, variation selectors, fillers, blank Braille, private use, half a surrogate pair. */
const trouble = fc.constantFrom(0x301, 0x323, 0xfe0f, 0x180b, 0x17b4, 0x2800, 0x3164, 0xe000, 0xd83d);
const anyText = fc
  .array(fc.oneof(fc.nat(0xff), fc.nat(0x10ffff), trouble), { maxLength: 40 })
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

  it('names every mark beyond the third on one letter', () => {
    expect(visibleParts('e\u0301\u0301\u0301\u0301x')).toEqual([
      { kind: 'text', text: 'e\u0301\u0301\u0301' },
      { kind: 'hidden', name: 'U+0301', at: 1, removed: false },
      { kind: 'text', text: 'x' },
    ]);
  });

  it('names something of exactly those texts that are no name, and leaves nothing of it in the text', () => {
    fc.assert(
      fc.property(anyText, (line) => {
        const parts = visibleParts(line);
        expect(parts.some(({ kind }) => kind === 'hidden')).toBe(hasHidden(line));
        expect(parts.filter((part) => part.kind === 'text' && hasHidden(part.text))).toEqual([]);
      }),
    );
  });

  it('loses no visible character', () => {
    fc.assert(
      fc.property(anyText, (line) => {
        const text = visibleParts(line)
          .map((part) => (part.kind === 'text' ? part.text : ''))
          .join('');
        expect(text.replaceAll(/[^ -~]/gu, '')).toBe(line.replaceAll(/[^ -~]/gu, ''));
      }),
    );
  });
});
