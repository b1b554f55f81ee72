// What was typed into the search, as plain words. Nothing in it is an operator or a wildcard; what no name can
// hold, or is too much to be one, is refused with a code: "does not exist" must never be said of a query not asked.
import { refuse } from '#protocol/errors.ts';
import type { Refusal } from '#protocol/errors.ts';
import { hasHidden } from '#protocol/plain-text.ts';

/** In UTF-16 units. */
export const QUERY_MAX_LENGTH = 256;
const WORDS_MAX = 8;

export interface SearchQuery {
  /** NFC, lower case. All must occur. */
  readonly words: readonly string[];
  /** The words with one space between them: how a name would begin. */
  readonly text: string;
}

export function parseQuery(query: string): { readonly ok: true; readonly query: SearchQuery } | Refusal {
  if (query.length > QUERY_MAX_LENGTH) {
    return refuse('query_invalid', `A search has at most ${QUERY_MAX_LENGTH} characters.`);
  }
  const words = query
    .toWellFormed()
    .normalize('NFC')
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '');
  if (!query.isWellFormed() || words.some(hasHidden)) {
    return refuse('query_invalid', 'The search holds characters that cannot be seen. Type the name.');
  }
  if (words.length > WORDS_MAX) return refuse('query_invalid', `A search has at most ${WORDS_MAX} words.`);
  return { ok: true, query: { words, text: words.join(' ') } };
}
