// One command of a session, as table `commands` holds it.
import { z } from 'zod';
import { CommandId } from '#protocol/ids.ts';
import type { SessionId } from '#protocol/ids.ts';
import type { CommandRecord } from '#protocol/records.ts';
import type { WorkspaceContext } from './context.ts';

const StoredCommand = z.object({
  command_id: CommandId,
  line: z.string(),
  cwd: z.string(),
  started_at: z.number(),
  finished_at: z.number().nullable(),
  duration_ms: z.number().nullable(),
  exit_code: z.number().nullable(),
  source: z.enum(['integration', 'runbook']),
  trusted: z.number(),
  output_offset: z.number(),
  output_end: z.number().nullable(),
});

export function storedCommand(
  { sql }: WorkspaceContext,
  sessionId: SessionId,
  commandId: CommandId,
): CommandRecord | null {
  const [row] = sql
    .exec('SELECT * FROM commands WHERE session_id = ? AND command_id = ?', sessionId, commandId)
    .toArray();
  return row === undefined ? null : toCommandRecord(row);
}

export function toCommandRecord(row: Record<string, unknown>): CommandRecord {
  const command = StoredCommand.parse(row);
  return {
    commandId: command.command_id,
    line: command.line,
    cwd: command.cwd,
    startedAt: command.started_at,
    finishedAt: command.finished_at,
    durationMs: command.duration_ms,
    exitCode: command.exit_code,
    source: command.source,
    trusted: command.trusted === 1,
    outputOffsetBytes: command.output_offset,
    outputEndBytes: command.output_end,
  };
}
