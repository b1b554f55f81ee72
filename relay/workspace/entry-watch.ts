// Looks after live entries by alarm: a console that vanishes has its attempt closed first and its entry
// ended later, whether it said goodbye, was killed, or the relay itself was.
import type { EntryId } from '#protocol/ids.ts';
import { dropDue, putDue } from '../storage/due.ts';
import { abortAttempt, openAttemptOf } from './attempts.ts';
import { consolesOf } from './console-sockets.ts';
import type { WorkspaceContext } from './context.ts';
import { endEntry } from './entries.ts';
import { entryById } from './entry-row.ts';
import type { EntryRow } from './entry-row.ts';
import { watchEntry } from './watch-entry.ts';

/** Note that the entry's last console went away; the alarm decides what follows. */
export function noteVanished(context: WorkspaceContext, entry: EntryRow): void {
  if (entry.ended_at !== null || consolesOf(context, entry.entry_id).length > 0) return;
  context.pendingSearches.settleNow(entry.entry_id);
  context.sql.exec(
    'UPDATE entries SET vanished_at = ? WHERE entry_id = ? AND vanished_at IS NULL',
    context.now(),
    entry.entry_id,
  );
  putDue(
    context.sql,
    `entry:${entry.entry_id}`,
    context.now() + context.config.attemptTimeoutMs,
    'entry.check',
    entry.entry_id,
  );
}

/** The alarm's look at an entry: close the attempt, then the entry, of a console that stays away. */
export function checkEntry(context: WorkspaceContext, entryId: EntryId): void {
  const entry = entryById(context, entryId);
  if (entry === null || entry.ended_at !== null) return dropDue(context.sql, `entry:${entryId}`);
  if (consolesOf(context, entryId).length > 0) return watchEntry(context, entry);
  // No close was ever seen: the relay itself was gone. The console gets its full time to come back.
  if (entry.vanished_at === null) return noteVanished(context, entry);

  const { attemptTimeoutMs, entryGraceMs } = context.config;
  const awayMs = context.now() - entry.vanished_at;
  if (awayMs >= entryGraceMs) return endEntry(context, entry, 'timed_out');
  if (awayMs >= attemptTimeoutMs) {
    context.storage.transactionSync(() => {
      const attempt = openAttemptOf(context, entryId);
      if (attempt !== null) abortAttempt(context, entry, attempt, 'timed_out', null);
      putDue(context.sql, `detach:${entryId}`, context.now(), 'sessions.detach', entryId);
    });
  }
  // Looked at again and again: a terminal attached in between, without the socket that proves who it is, goes too.
  const nextAt =
    awayMs >= attemptTimeoutMs
      ? Math.min(entry.vanished_at + entryGraceMs, context.now() + attemptTimeoutMs)
      : entry.vanished_at + attemptTimeoutMs;
  putDue(context.sql, `entry:${entryId}`, nextAt, 'entry.check', entryId);
}
