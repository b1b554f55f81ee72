import { hiddenOffsets } from '#protocol/plain-text.ts';

/** A run of text, or one character that would not be seen, with its name and its place among the parts (from 0). */
export type VisiblePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'hidden'; readonly name: string; readonly at: number; readonly removed: boolean };

const NAMES: Readonly<Record<number, string>> = {
  0x00: 'NUL',
  0x07: 'BEL',
  0x08: 'BS',
  0x09: 'TAB',
  0x0a: 'LF',
  0x0b: 'VT',
  0x0c: 'FF',
  0x0d: 'CR',
  0x1b: 'ESC',
  0x7f: 'DEL',
};

/**
 * One line, cut so that what a name may not have can be drawn by name.
 * @param kept what is left of the line: the rest of it was removed
 */
export function visibleParts(line: string, kept = line): readonly VisiblePart[] {
  const hidden = hiddenOffsets(line);
  const parts: VisiblePart[] = [];
  let text = '';
  let offset = 0;
  let keptOffset = 0;
  for (const char of line) {
    const removed = !kept.startsWith(char, keptOffset);
    if (!removed) keptOffset += char.length;
    if (removed || hidden.has(offset)) {
      if (text !== '') parts.push({ kind: 'text', text });
      text = '';
      const code = char.codePointAt(0) ?? 0;
      const hex = code.toString(16).toUpperCase().padStart(4, '0');
      parts.push({ kind: 'hidden', name: NAMES[code] ?? `U+${hex}`, at: parts.length, removed });
    } else {
      text += char;
    }
    offset += char.length;
  }
  return text === '' ? parts : [...parts, { kind: 'text', text }];
}
