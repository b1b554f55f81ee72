// The role of an entry is the one in its newest token. A change holds at once: for the next verb, and for
// the terminals that are open already.
import { verbs } from '#protocol/control/verbs.ts';
import type { Role } from '#protocol/records.ts';
import { appendEvent } from '../audit/append-event.ts';
import type { VerifiedPerson } from '../auth/clerk-token.ts';
import { putDue } from '../storage/due.ts';
import type { WorkspaceContext } from './context.ts';
import type { EntryRow } from './entry-row.ts';
import { openSessionsOf } from './session-rows.ts';
import { watchProof } from './watch-entry.ts';

/**
 * Note what a token of this entry's sign-in proves; one that is older than what is known changes nothing.
 * Call inside a transaction.
 * @returns the entry as it now stands
 */
export function noteProof(context: WorkspaceContext, entry: EntryRow, person: VerifiedPerson): EntryRow {
  if (person.issuedAt < entry.proved_at) return entry;
  context.sql.exec('UPDATE entries SET proved_at = ? WHERE entry_id = ?', person.issuedAt, entry.entry_id);
  watchProof(context, entry.entry_id, person);
  return changeRole(context, { ...entry, proved_at: person.issuedAt }, person.role, 'token');
}

/** Give a live entry another role; sessions that it does not allow are ended. Call inside a transaction. */
export function changeRole(
  context: WorkspaceContext,
  entry: EntryRow,
  role: Role,
  by: 'webhook' | 'token',
): EntryRow {
  if (entry.role === role || entry.ended_at !== null) return entry;
  const now = context.now();
  context.sql.exec('UPDATE entries SET role = ? WHERE entry_id = ?', role, entry.entry_id);
  const mayOperate = verbs['session.open'].roles.some((allowed) => allowed === role);
  const over = mayOperate ? [] : openSessionsOf(context, entry.entry_id);
  for (const { session_id: sessionId } of over) {
    const arg = JSON.stringify({ sessionId, reason: 'access_revoked' });
    putDue(context.sql, `end:${sessionId}`, now, 'session.end', arg);
  }
  appendEvent(context, {
    event: 'access.role_changed',
    opId: `${entry.entry_id}:role:${role}:${now}`,
    actor: { system: 'relay' },
    device: null,
    correlationId: entry.entry_id,
    fields: {
      user_id: entry.user_id,
      before: entry.role,
      after: role,
      by,
      sessions_closed: over.length,
    },
  });
  return { ...entry, role };
}
