// Machine search within this workspace, the only one there is: literal words, all of which must occur
// in a machine's name or hostname. No near names, no suggestions: the absence is the alarm.
import type { VerbParams, VerbResult } from '#protocol/control/verbs.ts';
import type { WorkspaceContext } from './context.ts';
import { toMachineRow } from './machines.ts';

const WORDS_MAX = 8;
/** Shorter words cannot use the trigram index: they read every row, as "does not exist" must be true of them too. */
const TRIGRAM = 3;

/** An empty query lists; one that cannot be read as plain words finds nothing. */
export function searchMachines(
  context: WorkspaceContext,
  { query, limit }: Pick<VerbParams<'machine.search'>, 'query' | 'limit'>,
): VerbResult<'machine.search'> {
  const startedAt = context.now();
  const words = query
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = isPlain(query) && words.length <= WORDS_MAX ? find(context, words, limit) : NOTHING;
  return {
    machines: found.rows.map((row) => toMachineRow(context, row)),
    total: found.total,
    tookMs: Math.max(0, context.now() - startedAt),
  };
}

interface Found {
  readonly rows: Record<string, SqlStorageValue>[];
  readonly total: number;
}
const NOTHING: Found = { rows: [], total: 0 };

/** Control characters (NUL ends SQLite's strings) and broken surrogates never occur in a name. */
function isPlain(query: string): boolean {
  return query.isWellFormed() && !/\p{Cc}/u.test(query);
}

function find(context: WorkspaceContext, words: readonly string[], limit: number): Found {
  const conditions: string[] = [];
  const bindings: string[] = [];
  const long = words.filter((word) => Array.from(word).length >= TRIGRAM);
  const short = words.filter((word) => Array.from(word).length < TRIGRAM);
  if (long.length > 0) {
    conditions.push('id IN (SELECT rowid FROM machines_text WHERE machines_text MATCH ?)');
    // A quoted phrase is literal to FTS5; a quote inside is doubled.
    bindings.push(long.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND '));
  }
  for (const word of short) {
    conditions.push("instr(lower(name || ' ' || hostname), lower(?)) > 0");
    bindings.push(word);
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const { total } = context.sql
    .exec<{ total: number }>(`SELECT COUNT(*) AS total FROM machines ${where}`, ...bindings)
    .one();
  if (total === 0) return NOTHING;
  const first = words[0] ?? '';
  const rows = context.sql
    .exec(
      `SELECT * FROM machines ${where} ORDER BY (name >= ? AND name < ?) DESC, name, machine_id LIMIT ?`,
      ...bindings,
      first,
      `${first}\u{10ffff}`,
      limit,
    )
    .toArray();
  return { rows, total };
}
