// Commands across all sessions of this workspace, for reviewers. A scan of the time asked for, newest first: 100,000
// commands take milliseconds, and words are compared as they are, never as patterns.
import type { VerbParams } from '#protocol/control/verbs.ts';
import type { CommandHit } from '#protocol/records.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import { toCommandRecord } from './command-row.ts';
import { StoredSession } from './session-rows.ts';

const WORDS_MAX = 8;

export function searchCommands(
  context: WorkspaceContext,
  { query, fromMs, toMs, limit }: VerbParams<'command.search'>,
): Outcome<'command.search'> {
  const words = query
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX)
    .map(lowerAscii);
  // Nothing asked finds nothing: never everything.
  if (words.length === 0) return { ok: true, result: { commands: [], more: false } };
  const holds = words.map(() => 'instr(lower(c.line), ?) > 0').join(' AND ');
  const rows = context.sql
    .exec(
      `SELECT c.*, s.machine_name, s.user_id, s.user_name FROM commands c JOIN sessions s ON s.session_id = c.session_id
       WHERE c.started_at BETWEEN ? AND ? AND ${holds} ORDER BY c.started_at DESC LIMIT ?`,
      fromMs,
      toMs,
      ...words,
      limit + 1,
    )
    .toArray();
  return { ok: true, result: { commands: rows.slice(0, limit).map(toHit), more: rows.length > limit } };
}

const HitSession = StoredSession.pick({
  session_id: true,
  machine_name: true,
  user_id: true,
  user_name: true,
});

function toHit(row: Record<string, unknown>): CommandHit {
  const { session_id: sessionId, machine_name: machineName, user_id, user_name } = HitSession.parse(row);
  const technician = { userId: user_id, name: user_name };
  return { sessionId, machineName, technician, command: toCommandRecord(row) };
}

/** As SQLite's `lower` does. */
function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
