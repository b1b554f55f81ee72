// Puts what holds the words of a query in order: named exactly so, named beginning so, words beginning so, the rest.
import type { WorkspaceContext } from './context.ts';
import { idsHolding, idsMatching, idsOf, phrase, rowsOf } from './machines-holding.ts';
import type { FoundRow } from './machines-holding.ts';
import type { SearchQuery } from './search-query.ts';

/** Counting stops here: beyond it nobody reads a list, they type on. */
export const COUNT_MAX = 1000;
/** Up to so many are all ranked; of more, those that an index can put first. */
const RANKED_MAX = 200;
/** What may stand before a word. A name is indexed with a space before it. */
const WORD_STARTS = [' ', '-', '_', '.'] as const;
/** With its start it must make a trigram. */
const START_WORD_MIN = 2;
/** More words than this are not sought at the beginnings of words. */
const START_WORDS_MAX = 3;

type Match = 'exact' | 'prefix' | 'word' | 'substring';
const RANKS: readonly Match[] = ['exact', 'prefix', 'word', 'substring'];

export interface LiteralMatches {
  /** Best first. */
  readonly rows: readonly (FoundRow & { readonly match: Match })[];
  /** Up to COUNT_MAX + 1, which means: more. */
  readonly total: number;
}

export function searchLiterally(
  context: WorkspaceContext,
  query: SearchQuery,
  limit: number,
): LiteralMatches {
  const begin = query.words.length === 1 ? idsBeginning(context, query.text, COUNT_MAX + 1) : [];
  // More than are counted begin so: no need to read every name for those in which it stands elsewhere.
  const ids = begin.length > COUNT_MAX ? begin : idsHolding(context, query.words, COUNT_MAX + 1);
  if (ids.length === 0) return { rows: [], total: 0 };
  const leading = ids.length <= RANKED_MAX ? ids : leadingIds(context, query, limit);
  const candidates = new Set([...leading, ...ids.slice(0, Math.max(0, limit - leading.length))]);
  const rows = rowsOf(context, [...candidates])
    .map((row) => Object.assign(row, { match: matchOf(row, query), folded: row.name.toLowerCase() }))
    .toSorted(
      (a, b) =>
        RANKS.indexOf(a.match) - RANKS.indexOf(b.match) ||
        (a.folded < b.folded ? -1 : a.folded > b.folded ? 1 : a.id - b.id),
    )
    .slice(0, limit);
  return { rows, total: ids.length };
}

/** Of more matches than can be ranked: names that begin so, then names of which every word begins so. */
function leadingIds(context: WorkspaceContext, { words, text }: SearchQuery, limit: number): number[] {
  const named = idsOf(context, 'SELECT id FROM machines WHERE hostname = ? LIMIT ?', text, limit);
  const ids = [...idsBeginning(context, text, limit), ...named];
  const soughtAtStarts =
    words.length <= START_WORDS_MAX && words.every((word) => Array.from(word).length >= START_WORD_MIN);
  if (ids.length >= limit || !soughtAtStarts) return ids;
  const starts = words.map((word) => `(${WORD_STARTS.map((start) => phrase(start + word)).join(' OR ')})`);
  return [...ids, ...idsMatching(context, starts.join(' AND '), limit - ids.length)];
}

function idsBeginning(context: WorkspaceContext, text: string, limit: number): number[] {
  return idsOf(
    context,
    'SELECT id FROM machines WHERE name >= ? AND name < ? ORDER BY name, machine_id LIMIT ?',
    text,
    `${text}\u{10ffff}`,
    limit,
  );
}

function matchOf({ name, hostname }: FoundRow, { words, text }: SearchQuery): Match {
  const inName = name.toLowerCase();
  const inHostname = hostname.toLowerCase();
  if (inName === text || inHostname === text) return 'exact';
  if (inName.startsWith(text)) return 'prefix';
  const fields = [` ${inName}`, ` ${inHostname}`];
  const allBegin = words.every((word) =>
    WORD_STARTS.some((start) => fields.some((field) => field.includes(start + word))),
  );
  return allBegin ? 'word' : 'substring';
}
