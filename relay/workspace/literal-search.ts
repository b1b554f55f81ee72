// Finds machines in whose name or hostname every word occurs as it is written, in any case. Words of three
// characters and more are answered by the trigram index; shorter ones by reading every name, because what is
// said to be absent must be absent.
import type { WorkspaceContext } from './context.ts';
import type { ListedMachine } from './machines.ts';
import type { SearchQuery } from './search-query.ts';

const TRIGRAM = 3;
/** More than this are asked of the index only in part. */
const TRIGRAMS_MAX = 24;
const CHUNK = 6;
/** More words than this are not sought at the beginnings of words. */
const STARTS_WORDS_MAX = 3;
const CHUNKED_WORDS_MAX = 3;
/** Counting stops here: beyond it nobody reads a list, they type on. */
export const COUNT_MAX = 1000;
/** Up to so many are all ranked; of more, those that an index can put first. */
const RANKED_MAX = 200;
/** What may stand before a word. A name is indexed with a space before it. */
export const WORD_STARTS = [' ', '-', '_', '.'] as const;

type Match = 'exact' | 'prefix' | 'word' | 'substring';
const RANKS: readonly Match[] = ['exact', 'prefix', 'word', 'substring'];

export interface FoundRow extends ListedMachine {
  readonly id: number;
}

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
  const ids = idsHolding(context, query.words, COUNT_MAX + 1);
  if (ids.length === 0) return { rows: [], total: 0 };
  const leading = ids.length <= RANKED_MAX ? ids : leadingIds(context, query, limit);
  const candidates = [...leading, ...ids.slice(0, Math.max(0, limit - leading.length))];
  const rows = rowsOf(context, new Set(candidates))
    .map((row) => Object.assign(row, { match: matchOf(row, query) }))
    .toSorted((a, b) => RANKS.indexOf(a.match) - RANKS.indexOf(b.match) || byName(a, b))
    .slice(0, limit);
  return { rows, total: ids.length };
}

/** Rows in which every word occurs, in no order. */
export function idsHolding(context: WorkspaceContext, words: readonly string[], limit: number): number[] {
  const needed = words.filter(
    (word, at) => !words.some((other, by) => by !== at && covers(other, word, by < at)),
  );
  const long = needed.filter((word) => Array.from(word).length >= TRIGRAM);
  const indexed = trigramsOf(long) <= TRIGRAMS_MAX;
  const ids =
    indexed && long.length === needed.length
      ? idsMatching(context, long.map(phrase).join(' AND '), limit)
      : idsRead(
          context,
          indexed ? long : chunksOf(long),
          needed.filter((word) => !indexed || !long.includes(word)),
          limit,
        );
  if (needed.every((word) => /^\p{ASCII}*$/u.test(word))) return ids;
  // Beyond ASCII the index takes more letters for the same than names do.
  return rowsOf(context, new Set(ids))
    .filter(({ name, hostname }) => {
      const fields = [name.toLowerCase(), hostname.toLowerCase()];
      return needed.every((word) => fields.some((field) => field.includes(word)));
    })
    .map(({ id }) => id);
}

/** Rows that the index names for `phrases`, and in which `words` are found by reading. */
function idsRead(
  context: WorkspaceContext,
  phrases: readonly string[],
  words: readonly string[],
  limit: number,
): number[] {
  const conditions: string[] = [];
  const bindings: string[] = [];
  if (phrases.length > 0) {
    conditions.push('id IN (SELECT rowid FROM machines_text WHERE machines_text MATCH ?)');
    bindings.push(phrases.map(phrase).join(' AND '));
  }
  for (const word of words) {
    // SQLite's lower() knows ASCII alone.
    const forms = new Set([word, word.toUpperCase().replace(/[A-Z]/g, (letter) => letter.toLowerCase())]);
    const either = [...forms].flatMap((form) => {
      bindings.push(form, form);
      return ['instr(lower(name), ?) > 0', 'instr(lower(hostname), ?) > 0'];
    });
    conditions.push(`(${either.join(' OR ')})`);
  }
  return context.sql
    .exec<{ id: number }>(
      `SELECT id FROM machines WHERE ${conditions.join(' AND ')} LIMIT ?`,
      ...bindings,
      limit,
    )
    .toArray()
    .map(({ id }) => id);
}

/** Does one word hold the other, so that the other need not be asked for? Of equal ones the first stays. */
function covers(other: string, word: string, isBefore: boolean): boolean {
  return other.includes(word) && (other !== word || isBefore);
}

function trigramsOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + Array.from(word).length - TRIGRAM + 1, 0);
}

/** Of words with too many trigrams: the ends of the longest ones. Every trigram in most of the names costs a pass. */
function chunksOf(words: readonly string[]): string[] {
  return words
    .toSorted((a, b) => b.length - a.length)
    .slice(0, CHUNKED_WORDS_MAX)
    .flatMap((word) => {
      const characters = Array.from(word);
      return characters.length <= 2 * CHUNK
        ? [word]
        : [characters.slice(0, CHUNK).join(''), characters.slice(-CHUNK).join('')];
    });
}

export function rowsOf(context: WorkspaceContext, ids: ReadonlySet<number>): FoundRow[] {
  if (ids.size === 0) return [];
  return context.sql
    .exec<FoundRow & Record<string, SqlStorageValue>>(
      `SELECT id, machine_id, name, hostname, os, last_seen_at FROM machines
       WHERE id IN (SELECT value FROM json_each(?))`,
      JSON.stringify([...ids]),
    )
    .toArray();
}

/** Of more matches than can be ranked: names that begin so, then names of which every word begins so. */
function leadingIds(context: WorkspaceContext, { words, text }: SearchQuery, limit: number): number[] {
  const { sql } = context;
  const begin = sql
    .exec<{ id: number }>(
      'SELECT id FROM machines WHERE name >= ? AND name < ? ORDER BY name, machine_id LIMIT ?',
      text,
      `${text}\u{10ffff}`,
      limit,
    )
    .toArray();
  const named = sql.exec<{ id: number }>('SELECT id FROM machines WHERE hostname = ? LIMIT ?', text, limit);
  const ids = [...begin, ...named].map(({ id }) => id);
  if (ids.length >= limit || words.length > STARTS_WORDS_MAX) return ids;
  if (words.some((word) => Array.from(word).length < TRIGRAM - 1)) return ids;
  const starts = words.map((word) => `(${WORD_STARTS.map((start) => phrase(start + word)).join(' OR ')})`);
  return [...ids, ...idsMatching(context, starts.join(' AND '), limit)];
}

function idsMatching(context: WorkspaceContext, expression: string, limit: number): number[] {
  return context.sql
    .exec<{ id: number }>(
      'SELECT rowid AS id FROM machines_text WHERE machines_text MATCH ? LIMIT ?',
      expression,
      limit,
    )
    .toArray()
    .map(({ id }) => id);
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

function byName(a: FoundRow, b: FoundRow): number {
  const [left, right] = [a.name.toLowerCase(), b.name.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : a.id - b.id;
}

/** A quoted phrase is literal to FTS5; a quote inside is doubled. */
function phrase(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
