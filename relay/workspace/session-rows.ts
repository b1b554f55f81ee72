import { z } from 'zod';
import { EntryId, MachineId, SessionId, UserId } from '#protocol/ids.ts';
import { SessionEndReason } from '#protocol/records.ts';
import type { SessionRow } from '#protocol/records.ts';
import type { WorkspaceContext } from './context.ts';

export const StoredSession = z.object({
  session_id: SessionId,
  machine_id: MachineId,
  machine_name: z.string(),
  entry_id: EntryId,
  user_id: UserId,
  user_name: z.string(),
  cols: z.number(),
  rows: z.number(),
  /** opening: the agent was told; live: its shell runs; ended: it is gone, or never came (`started_at` null). */
  state: z.enum(['opening', 'live', 'ended']),
  created_at: z.number(),
  started_at: z.number().nullable(),
  ended_at: z.number().nullable(),
  end_reason: SessionEndReason.nullable(),
  exit_code: z.number().nullable(),
  bytes_in: z.number(),
  bytes_out: z.number(),
  redactions: z.number(),
  recording_sha256: z.string().nullable(),
  /** The file that runs; null until it was reported. */
  shell: z.string().nullable(),
});
export type StoredSession = z.infer<typeof StoredSession>;

export function storedSession(context: WorkspaceContext, sessionId: SessionId): StoredSession | null {
  const [row] = context.sql.exec('SELECT * FROM sessions WHERE session_id = ?', sessionId).toArray();
  return row === undefined ? null : StoredSession.parse(row);
}

/**
 * The session, if its keyboard is this entry's: the one that opened it, or took it since. Everything that a console
 * does to a session goes through that entry; another's session, the same person's too, looks like none.
 */
export function sessionOfEntry(
  context: WorkspaceContext,
  entryId: EntryId,
  sessionId: SessionId,
): StoredSession | null {
  const session = storedSession(context, sessionId);
  return session?.entry_id === entryId ? session : null;
}

export function toSessionRow(session: StoredSession): SessionRow {
  return {
    sessionId: session.session_id,
    machineId: session.machine_id,
    machineName: session.machine_name,
    technician: { userId: session.user_id, name: session.user_name },
    startedAt: session.started_at ?? session.created_at,
    endedAt: session.ended_at,
  };
}

export function recentSessionsOn(context: WorkspaceContext, machineId: MachineId): SessionRow[] {
  return context.sql
    .exec(
      'SELECT * FROM sessions WHERE machine_id = ? AND started_at IS NOT NULL ORDER BY created_at DESC LIMIT 10',
      machineId,
    )
    .toArray()
    .map((row) => toSessionRow(StoredSession.parse(row)));
}

export function openSessionsOf(context: WorkspaceContext, entryId: EntryId): StoredSession[] {
  return context.sql
    .exec("SELECT * FROM sessions WHERE entry_id = ? AND state <> 'ended' ORDER BY created_at", entryId)
    .toArray()
    .map((row) => StoredSession.parse(row));
}
