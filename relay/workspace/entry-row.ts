import { z } from 'zod';
import { ClerkSessionId, EntryId, UserId } from '#protocol/ids.ts';
import { Role } from '#protocol/records.ts';
import type { WorkspaceContext } from './context.ts';

export const EntryRow = z.object({
  entry_id: EntryId,
  sid: ClerkSessionId,
  user_id: UserId,
  name: z.string(),
  role: Role,
  device: z.string(),
  auth_at: z.number(),
  factor: z.enum(['first', 'second']),
  opened_at: z.number(),
  /** When somebody last did something, as far as it was noted. */
  active_at: z.number(),
  /** When the newest token that was seen of this entry was issued, by the identity service's clock. */
  proved_at: z.number(),
  vanished_at: z.number().nullable(),
  ended_at: z.number().nullable(),
  end_reason: z.string().nullable(),
});
export type EntryRow = z.infer<typeof EntryRow>;

export function entryById(context: WorkspaceContext, entryId: EntryId): EntryRow | null {
  const [row] = context.sql.exec('SELECT * FROM entries WHERE entry_id = ?', entryId).toArray();
  return row === undefined ? null : EntryRow.parse(row);
}

export function entryBySid(context: WorkspaceContext, sid: ClerkSessionId): EntryRow | null {
  const [row] = context.sql.exec('SELECT * FROM entries WHERE sid = ?', sid).toArray();
  return row === undefined ? null : EntryRow.parse(row);
}

export function liveEntries(context: WorkspaceContext): EntryRow[] {
  return context.sql
    .exec('SELECT * FROM entries WHERE ended_at IS NULL')
    .toArray()
    .map((row) => EntryRow.parse(row));
}

export function liveEntriesOf(context: WorkspaceContext, userId: UserId): EntryRow[] {
  return context.sql
    .exec('SELECT * FROM entries WHERE user_id = ? AND ended_at IS NULL', userId)
    .toArray()
    .map((row) => EntryRow.parse(row));
}
