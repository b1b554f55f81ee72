// Of all commands of a session what judges it, without their lines.
import type { SessionId } from '#protocol/ids.ts';
import type { CommandRecord } from '#protocol/records.ts';
import type { WorkspaceContext } from './context.ts';

export type CommandOutcome = Pick<CommandRecord, 'startedAt' | 'finishedAt' | 'exitCode' | 'trusted'>;

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
