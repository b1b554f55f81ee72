/** A run of text, or one character that would not be seen, with the name that is shown for it. */
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
// C0, C1, soft hyphen, zero widths, bidirectional marks, line separators, tags: nothing that draws.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u034F\u115F\u1160\u3164\uFFA0]/u;

/**
 * One line, cut so that what cannot be seen can be drawn by name.
 * @param kept what is left of the line: the rest of it was removed
 */
export function visibleParts(line: string, kept = line): readonly VisiblePart[] {
  const parts: VisiblePart[] = [];
  let text = '';
  let at = 0;
  for (const char of line) {
    const removed = !kept.startsWith(char, at);
    if (!removed) at += char.length;
    if (removed || HIDDEN.test(char)) {
      if (text !== '') parts.push({ kind: 'text', text });
      text = '';
      const code = char.codePointAt(0) ?? 0;
      const hex = code.toString(16).toUpperCase().padStart(4, '0');
      parts.push({ kind: 'hidden', name: NAMES[code] ?? `U+${hex}`, at: parts.length, removed });
    } else {
      text += char;
    }
  }
  return text === '' ? parts : [...parts, { kind: 'text', text }];
}
