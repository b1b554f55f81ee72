// Which machines hold given words in their name or hostname, as they are written, in any case. Words of three
// characters and more are answered by the trigram index; shorter ones by reading every name, because what is said
// to be absent must be absent.
import type { WorkspaceContext } from './context.ts';
import type { ListedMachine } from './machines.ts';

const TRIGRAM = 3;
/** More than this are asked of the index only in part: each one that most names hold costs a pass over them. */
const TRIGRAMS_MAX = 24;
const CHUNK = 6;
const CHUNKED_WORDS_MAX = 3;
/** So many are looked at one by one; of more, all names are read. */
const FILTERED_MAX = 1001;
/** SQLite's limit for a LIKE pattern is 50 bytes. */
const LIKE_MAX_BYTES = 40;

export interface FoundRow extends ListedMachine {
  readonly id: number;
}

/** Row numbers, in no order, of machines in which every word occurs. Words are in lower case. */
export function idsHolding(context: WorkspaceContext, words: readonly string[], limit: number): number[] {
  const needed = words.filter(
    (word, at) => !words.some((other, by) => by !== at && covers(other, word, by < at)),
  );
  const long = needed.filter((word) => Array.from(word).length >= TRIGRAM);
  const indexed = trigramsOf(long) <= TRIGRAMS_MAX;
  const phrases = indexed ? long : chunksOf(long);
  if (phrases.length === 0) return idsRead(context, needed, limit);
  const most = Math.max(limit, FILTERED_MAX);
  const ids = idsMatching(context, phrases.map(phrase).join(' AND '), most);
  const answered = indexed && long.length === needed.length;
  const ascii = needed.every((word) => /^\p{ASCII}*$/u.test(word));
  if (answered && ascii) return ids.slice(0, limit);
  // Too many to look at one by one: a pass over all names costs less.
  if (!answered && ids.length === most) return idsRead(context, needed, limit);
  // Beyond ASCII the index takes more letters for the same than names do.
  return holding(context, ids, needed).slice(0, limit);
}

function holding(context: WorkspaceContext, ids: readonly number[], words: readonly string[]): number[] {
  return rowsOf(context, ids)
    .filter(({ name, hostname }) => {
      const fields = [name.toLowerCase(), hostname.toLowerCase()];
      return words.every((word) => fields.some((field) => field.includes(word)));
    })
    .map(({ id }) => id);
}

/** @param expression of FTS5, made of `phrase`s */
export function idsMatching(context: WorkspaceContext, expression: string, limit: number): number[] {
  return idsOf(
    context,
    'SELECT rowid AS id FROM machines_text WHERE machines_text MATCH ? LIMIT ?',
    expression,
    limit,
  );
}

/** @param query selects `id`. One value comes back: a row each would cost more than the search. */
export function idsOf(context: WorkspaceContext, query: string, ...bindings: SqlStorageValue[]): number[] {
  const { ids } = context.sql
    .exec<{ ids: string }>(`SELECT json_group_array(id) AS ids FROM (${query})`, ...bindings)
    .one();
  // Written by the line above.
  return JSON.parse(ids) as number[];
}

export function rowsOf(context: WorkspaceContext, ids: readonly number[]): FoundRow[] {
  if (ids.length === 0) return [];
  return context.sql
    .exec<FoundRow & Record<string, SqlStorageValue>>(
      `SELECT id, machine_id, name, hostname, os, last_seen_at FROM machines
       WHERE id IN (SELECT value FROM json_each(?))`,
      JSON.stringify(ids),
    )
    .toArray();
}

/** A quoted phrase is literal to FTS5; a quote inside is doubled. */
export function phrase(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** Rows in which the words are found by reading every name, from the index that holds them all. */
function idsRead(context: WorkspaceContext, words: readonly string[], limit: number): number[] {
  const bindings: string[] = [];
  const conditions = words.map((word) => {
    // SQLite folds ASCII alone: other letters are sought in both cases.
    const forms = new Set([word, word.toUpperCase().replace(/[A-Z]/g, (letter) => letter.toLowerCase())]);
    const either = [...forms].flatMap((form) => {
      const short = new TextEncoder().encode(form).length <= LIKE_MAX_BYTES;
      const binding = short ? `%${form.replace(/[\\%_]/g, (char) => `\\${char}`)}%` : form;
      bindings.push(binding, binding);
      return ['name', 'hostname'].map((column) =>
        short ? `${column} LIKE ? ESCAPE '\\'` : `instr(lower(${column}), ?) > 0`,
      );
    });
    return `(${either.join(' OR ')})`;
  });
  const query = `SELECT id FROM machines INDEXED BY machines_by_name WHERE ${conditions.join(' AND ')} LIMIT ?`;
  const ids = idsOf(context, query, ...bindings, limit);
  return words.every((word) => /^\p{ASCII}*$/u.test(word)) ? ids : holding(context, ids, words);
}

/** Does one word hold the other, so that the other need not be asked for? Of equal ones the first stays. */
function covers(other: string, word: string, isBefore: boolean): boolean {
  return other.includes(word) && (other !== word || isBefore);
}

function trigramsOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + Array.from(word).length - TRIGRAM + 1, 0);
}

/** The ends of the longest words. */
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
