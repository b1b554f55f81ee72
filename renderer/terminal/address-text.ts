/** Letters of any script and what RFC 3986 allows, but the quote; a list of addresses is not one of them. */
const ADDRESS = /https?:\/\/(?:(?![,;]https?:\/\/)[\p{L}\p{M}\p{N}\-._~:/?#[\]@!$&()*+,;=%])+/giu;
/** At the end it is the sentence's. */
const SENTENCE = new Set('.,;:!?*([');
const CLOSED_BY: Readonly<Record<string, string>> = { ')': '(', ']': '[' };

/** In units of the text; `end` is the first that does not belong to it. */
export interface AddressPlace {
  readonly start: number;
  readonly end: number;
}

/** Where http(s) addresses stand in a text, as terminals find them, in order. Whether they can be parsed is not asked. */
export function addressesIn(text: string): readonly AddressPlace[] {
  return text.includes('://')
    ? Array.from(text.matchAll(ADDRESS), ({ 0: all, index }) => ({
        start: index,
        end: index + lengthOf(all),
      }))
    : [];
}

/** Without what closes a bracket that was opened before it, and without the sentence's end. */
function lengthOf(all: string): number {
  const open: string[] = [];
  let end = 0;
  for (; end < all.length; end += 1) {
    const char = all.charAt(end);
    if (char === '(' || char === '[') open.push(char);
    else if (char in CLOSED_BY && open.pop() !== CLOSED_BY[char]) break;
  }
  while (SENTENCE.has(all.charAt(end - 1))) end -= 1;
  return end;
}
