// Idle limit and maximum age of an entry, by the organization's policy. What shows that somebody is there:
// verbs that a person asks, and terminal input. Tokens, probes and output show nothing.
import type { EntryId } from '#protocol/ids.ts';
import { dropDue } from '../storage/due.ts';
import { closeConsole, consolesOf, sendToConsole } from './console-sockets.ts';
import type { WorkspaceContext } from './context.ts';
import { endEntry } from './entries.ts';
import { entryById } from './entry-row.ts';
import type { EntryRow } from './entry-row.ts';
import { currentPolicy } from './policy.ts';
import { LIMIT_WARNING_MS, limitsOf, watchLimits } from './watch-entry.ts';

/** Limits are counted in minutes: no need to write at every message. */
const NOTE_EVERY_MS = 15_000;

/** Somebody did something. */
export function noteActivity(context: WorkspaceContext, entry: EntryRow): void {
  const now = context.now();
  if (now - entry.active_at < NOTE_EVERY_MS) return;
  context.sql.exec('UPDATE entries SET active_at = ? WHERE entry_id = ?', now, entry.entry_id);
}

/** The alarm's look: end the entry that is over a limit, warn of one that is near, or look again later. */
export function checkLimits(context: WorkspaceContext, entryId: EntryId): void {
  const entry = entryById(context, entryId);
  if (entry === null || entry.ended_at !== null) return dropDue(context.sql, `limit:${entryId}`);
  const policy = currentPolicy(context);
  const { idleAt, maxAgeAt } = limitsOf(entry, policy);
  const now = context.now();
  const reason = maxAgeAt <= idleAt ? 'max_age' : 'idle';
  const leftMs = Math.min(idleAt, maxAgeAt) - now;
  const sockets = consolesOf(context, entryId);
  if (leftMs > 0) {
    if (leftMs <= LIMIT_WARNING_MS) {
      for (const socket of sockets) sendToConsole(socket, { type: 'stay.ending', reason, inMs: leftMs });
    }
    return watchLimits(context, entry, policy);
  }
  endEntry(context, entry, reason);
  for (const socket of sockets) closeConsole(socket, reason === 'idle' ? 'entry_idle' : 'entry_max_age');
}
