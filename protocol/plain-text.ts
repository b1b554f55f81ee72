// Text that comes from outside and is shown to people: nothing in it may be invisible, reorder its surroundings or
// steer a terminal. Names are refused when they hold such characters; what a machine says of itself is cleaned; what
// must be shown as it is (a command, a pasted line) has them drawn by name. All three go by what is hidden here.

// Controls, format characters (bidi, zero width, tags), surrogates, private use, unassigned; line and paragraph
// separators; and letters and marks that are drawn as nothing: fillers, the joiner, variation selectors, blank Braille.
const INVISIBLE =
  '[\\p{C}\\p{Zl}\\p{Zp}\\u{34F}\\u{115F}\\u{1160}\\u{17B4}\\u{17B5}\\u{180B}-\\u{180F}\\u{2800}\\u{3164}\\u{FE00}-\\u{FE0F}\\u{FFA0}\\u{E0100}-\\u{E01EF}]';
/** More marks on one letter than any language needs: they are drawn over the lines around. */
const STACKED = '(?<=\\p{M}{3})\\p{M}';

const ANY_HIDDEN = new RegExp(`${INVISIBLE}|${STACKED}`, 'u');
const EACH_HIDDEN = new RegExp(ANY_HIDDEN, 'gu');
const EACH_INVISIBLE = new RegExp(INVISIBLE, 'gu');
const EACH_STACKED = new RegExp(STACKED, 'gu');

/** Does the text hold anything that a person would not see as it is? Spaces other than U+0020 are seen as spaces. */
export function hasHidden(text: string): boolean {
  return ANY_HIDDEN.test(text);
}

/** Where in the text (UTF-16 units) the characters begin that `hasHidden` objects to. */
export function hiddenOffsets(text: string): ReadonlySet<number> {
  return new Set(Array.from(text.matchAll(EACH_HIDDEN), ({ index }) => index));
}

/** The text in NFC with every invisible character shown as U+FFFD, for text that cannot be refused. */
export function shownText(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(EACH_INVISIBLE, '\uFFFD')
    .replace(/\p{Zs}/gu, ' ')
    .replace(EACH_STACKED, '');
}
