// Finds machines in whose name or hostname every word occurs as it is written, in any case. Words of three
// characters and more are answered by the trigram index; shorter ones by reading every name, because what is
// said to be absent must be absent.
import type { WorkspaceContext } from './context.ts';
import type { SearchQuery } from './search-query.ts';

const TRIGRAM = 3;
/** Counting stops here: beyond it nobody reads a list, they type on. */
export const COUNT_MAX = 1000;
/** Up to so many are all ranked; of more, those that an index can put first. */
const RANKED_MAX = 200;
/** What may stand before a word. A name is indexed with a space before it. */
export const WORD_STARTS = [' ', '-', '_', '.'] as const;

type Match = 'exact' | 'prefix' | 'word' | 'substring';
const RANKS: readonly Match[] = ['exact', 'prefix', 'word', 'substring'];

export interface NamedRow {
  readonly id: number;
  readonly name: string;
  readonly hostname: string;
}

export interface LiteralMatches {
  /** Best first. */
  readonly rows: readonly (NamedRow & { readonly match: Match })[];
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
  const candidates =
    ids.length <= RANKED_MAX ? ids : [...leadingIds(context, query, limit), ...ids.slice(0, limit)];
  const rows = rowsOf(context, new Set(candidates))
    .map((row) => Object.assign(row, { match: matchOf(row, query) }))
    .toSorted((a, b) => RANKS.indexOf(a.match) - RANKS.indexOf(b.match) || byName(a, b))
    .slice(0, limit);
  return { rows, total: ids.length };
}

/** Rows in which every word occurs, in no order. */
export function idsHolding(context: WorkspaceContext, words: readonly string[], limit: number): number[] {
  const long = words.filter((word) => word.length >= TRIGRAM && Array.from(word).length >= TRIGRAM);
  const short = words.filter((word) => !long.includes(word));
  if (short.length === 0) return idsMatching(context, long.map(phrase).join(' AND '), limit);
  const bindings: string[] = [];
  const conditions = short.map((word) => {
    // LIKE folds ASCII alone.
    const forms = [...new Set([word, word.toUpperCase()])].map((form) => `%${escapeLike(form)}%`);
    return `(${forms
      .flatMap((form) => {
        bindings.push(form, form);
        return ["name LIKE ? ESCAPE '\\'", "hostname LIKE ? ESCAPE '\\'"];
      })
      .join(' OR ')})`;
  });
  if (long.length > 0) {
    conditions.unshift('id IN (SELECT rowid FROM machines_text WHERE machines_text MATCH ?)');
    bindings.unshift(long.map(phrase).join(' AND '));
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

export function rowsOf(context: WorkspaceContext, ids: ReadonlySet<number>): NamedRow[] {
  if (ids.size === 0) return [];
  return context.sql
    .exec<{ id: number; name: string; hostname: string }>(
      'SELECT id, name, hostname FROM machines WHERE id IN (SELECT value FROM json_each(?))',
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
  if (ids.length >= limit || words.some((word) => Array.from(word).length < TRIGRAM - 1)) return ids;
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

function matchOf({ name, hostname }: NamedRow, { words, text }: SearchQuery): Match {
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

function byName(a: NamedRow, b: NamedRow): number {
  const [left, right] = [a.name.toLowerCase(), b.name.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : a.id - b.id;
}

/** A quoted phrase is literal to FTS5; a quote inside is doubled. */
function phrase(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (char) => `\\${char}`);
}
