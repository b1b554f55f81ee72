// A session's commands for the review: the lines a part at a time, since a message holds 32 MiB and one line may have
// 32,768 characters; and of all of them what judges the session.
import type { SessionId } from '#protocol/ids.ts';
import type { CommandRecord } from '#protocol/records.ts';
import type { WorkspaceContext } from './context.ts';
import { toCommandRecord } from './session-reports.ts';

export interface CommandPart {
  readonly commands: CommandRecord[];
  /** As JSON. */
  readonly characters: number;
  /** How many stand before the next part; null: these were the last. */
  readonly next: number | null;
}

/** Commands after the first `from`, while they are fewer characters than this. */
export function commandsFrom(
  { sql }: WorkspaceContext,
  sessionId: SessionId,
  from: number,
  maxCharacters: number,
): CommandPart {
  const rows = sql.exec(
    'SELECT * FROM commands WHERE session_id = ? ORDER BY started_at, output_offset LIMIT -1 OFFSET ?',
    sessionId,
    from,
  );
  const commands: CommandRecord[] = [];
  let characters = 0;
  for (const row of rows) {
    if (characters >= maxCharacters) return { commands, characters, next: from + commands.length };
    const command = toCommandRecord(row);
    commands.push(command);
    characters += JSON.stringify(command).length;
  }
  return { commands, characters, next: null };
}

export type CommandOutcome = Pick<CommandRecord, 'startedAt' | 'finishedAt' | 'exitCode' | 'trusted'>;

/** Of every command, without its line. */
export function outcomesOf({ sql }: WorkspaceContext, sessionId: SessionId): CommandOutcome[] {
  return sql
    .exec<{ started_at: number; finished_at: number | null; exit_code: number | null; trusted: number }>(
      'SELECT started_at, finished_at, exit_code, trusted FROM commands WHERE session_id = ? ORDER BY started_at, output_offset',
      sessionId,
    )
    .toArray()
    .map((row) => ({
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      exitCode: row.exit_code,
      trusted: row.trusted === 1,
    }));
}
