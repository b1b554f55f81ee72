// The words that this workspace's machine names are made of: where a mistyped word is looked up. Words are kept
// when a search first needs them, for machines that came or changed since; a word that no name holds any more does
// no harm, as every match is checked against the machines themselves.
import type { WorkspaceContext } from './context.ts';
import { isOneEdit } from './one-edit.ts';

/** Shorter words are too near to each other: FS and DC, WEST and EAST. */
export const TYPO_MIN_LENGTH = 5;
const WORD_MAX_LENGTH = 40;
const MACHINES_AT_ONCE = 10_000;
const CANDIDATES_MAX = 2000;
const NEIGHBOURS_MAX = 8;

/** Runs of letters, and the runs between them. */
export function partsOf(text: string): string[] {
  return text.match(/\p{L}+|[^\p{L}]+/gu) ?? [];
}

/** May a slip in this part be forgiven? Numbers and codes tell machines apart: never in those. */
export function isForgiving(part: string): boolean {
  return part.length >= TYPO_MIN_LENGTH && part.length <= WORD_MAX_LENGTH && /^\p{L}+$/u.test(part);
}

/** The part of a hostname that names the machine. */
export function firstLabel(hostname: string): string {
  return hostname.split('.', 1)[0] ?? '';
}

/** Keep the words of machines whose words are not kept yet. */
export function keepWords(context: WorkspaceContext): void {
  const { sql } = context;
  const rows = sql
    .exec<{ id: number; name: string; hostname: string }>(
      'SELECT id, name, hostname FROM machines WHERE words_kept = 0 LIMIT ?',
      MACHINES_AT_ONCE,
    )
    .toArray();
  const words = new Set<string>();
  for (const { id, name, hostname } of rows) {
    const parts = partsOf(`${name} ${firstLabel(hostname)}`.normalize('NFC').toLowerCase());
    for (const part of parts) if (isForgiving(part)) words.add(part);
    sql.exec('UPDATE machines SET words_kept = 1 WHERE id = ?', id);
  }
  for (const word of words) {
    sql.exec('INSERT OR IGNORE INTO name_words (word, reversed) VALUES (?, ?)', word, reversed(word));
  }
}

/**
 * Words of this workspace that are one slip away, at most eight. None where the word itself is one of them: it was
 * not mistyped. One slip leaves the beginning or the end of a word as it was, so two ranges hold all candidates.
 */
export function wordsNear(context: WorkspaceContext, word: string): string[] {
  const { sql } = context;
  if (sql.exec('SELECT 1 FROM name_words WHERE word = ?', word).toArray().length > 0) return [];
  const kept = Math.floor((word.length - 1) / 2);
  const near = new Set<string>();
  const look = (column: 'word' | 'reversed', from: string) => {
    const rows = sql.exec<{ word: string }>(
      `SELECT word FROM name_words WHERE ${column} >= ? AND ${column} < ? LIMIT ?`,
      from,
      `${from}\u{10ffff}`,
      CANDIDATES_MAX,
    );
    for (const row of rows) if (isOneEdit(word, row.word)) near.add(row.word);
  };
  look('word', word.slice(0, kept));
  look('reversed', reversed(word).slice(0, kept));
  return [...near].toSorted().slice(0, NEIGHBOURS_MAX);
}

/** By UTF-16 units, as ranges and edits are. Stored for its index only. */
function reversed(word: string): string {
  let text = '';
  for (let at = word.length - 1; at >= 0; at -= 1) text += word.charAt(at);
  return text.toWellFormed();
}
