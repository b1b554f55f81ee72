// Text that comes from outside and is shown to people: nothing in it may be invisible, reorder its surroundings or
// steer a terminal. Names are refused when they hold such characters; what a machine says of itself is cleaned.

// Controls, format characters (bidi, zero width, tags), surrogates, private use, unassigned; line and paragraph
// separators; and letters and marks that are drawn as nothing: fillers, the joiner, variation selectors, blank Braille.
const HIDDEN =
  '\\p{C}\\p{Zl}\\p{Zp}\\u{34F}\\u{115F}\\u{1160}\\u{17B4}\\u{17B5}\\u{180B}-\\u{180F}\\u{2800}\\u{3164}\\u{FE00}-\\u{FE0F}\\u{FFA0}\\u{E0100}-\\u{E01EF}';
const ANY_HIDDEN = new RegExp(`[${HIDDEN}]`, 'u');
const EACH_HIDDEN = new RegExp(`[${HIDDEN}]`, 'gu');

/** More marks on one letter than any language needs: they are drawn over the lines around. */
const STACKED_MARKS = /\p{M}{4,}/u;

/** Does the text hold anything that a person would not see as it is? White space is plain only as U+0020. */
export function hasHidden(text: string): boolean {
  return !text.isWellFormed() || ANY_HIDDEN.test(text) || STACKED_MARKS.test(text);
}

/** The text with every hidden character shown as U+FFFD, in NFC, for text that cannot be refused. */
export function shownText(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(EACH_HIDDEN, '\uFFFD')
    .replace(/\p{Zs}/gu, ' ')
    .replace(/(\p{M}{3})\p{M}+/gu, '$1');
}
