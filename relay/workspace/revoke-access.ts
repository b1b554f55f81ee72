// The identity service says that access ended or changed. What it says holds for tokens that it had issued
// by then: whoever was let in again since is left alone, however late or often the news comes.
import type { UserId } from '#protocol/ids.ts';
import type { Role } from '#protocol/records.ts';
import { appendEvent } from '../audit/append-event.ts';
import { bar } from './barred.ts';
import { closeConsole, consoles } from './console-sockets.ts';
import type { WorkspaceContext } from './context.ts';
import { endEntry } from './entries.ts';
import { changeRole } from './entry-role.ts';
import { entryBySid, liveEntries, liveEntriesOf } from './entry-row.ts';
import type { EntryRow } from './entry-row.ts';
import { noteVanished } from './entry-watch.ts';
import { endKeptOf } from './running-sessions.ts';
import { openSessionsOf } from './session-rows.ts';
import type { RevokedParty } from './workspace-calls.ts';

/** Later than any token. */
const FOR_GOOD = Number.MAX_SAFE_INTEGER;

/**
 * A sign-in, a membership or the organization is over: end its entries, close its sockets.
 * @returns how many entries were ended
 */
export function revokeAccess(context: WorkspaceContext, who: RevokedParty, opId: string): number {
  const untilMs = 'sid' in who ? FOR_GOOD : who.at;
  const party = 'sid' in who ? who.sid : 'userId' in who ? who.userId : 'everyone';
  bar(context, party, untilMs, 'access_revoked');
  const live = entriesOf(context, who).filter(
    (entry) => entry.ended_at === null && entry.proved_at <= untilMs,
  );
  for (const entry of live) {
    const sessionsClosed = openSessionsOf(context, entry.entry_id).length;
    endEntry(context, entry, 'access_revoked');
    context.storage.transactionSync(() =>
      appendEvent(context, {
        event: 'access.revoked',
        opId: `${opId}:${entry.entry_id}`,
        actor: { system: 'relay' },
        device: null,
        correlationId: entry.entry_id,
        fields: { user_id: entry.user_id, by: 'webhook', sessions_closed: sessionsClosed },
      }),
    );
  }
  // A sign-in that ended is no more than a stay that ended: its person may come back with another.
  if (!('sid' in who)) endKeptOf(context, 'userId' in who ? who.userId : null, untilMs);
  for (const { socket, state } of consoles(context)) {
    const { person } = state;
    const theirs = party === 'everyone' || person.sid === party || person.userId === party;
    if (theirs && person.issuedAt <= untilMs) closeConsole(socket, 'access_revoked');
  }
  return live.length;
}

function entriesOf(context: WorkspaceContext, who: RevokedParty): EntryRow[] {
  if ('userId' in who) return liveEntriesOf(context, who.userId);
  if (!('sid' in who)) return liveEntries(context);
  const entry = entryBySid(context, who.sid);
  return entry === null ? [] : [entry];
}

/** A member has another role since `at`: open entries take it now, and their consoles come back with it. */
export function changeMemberRole(context: WorkspaceContext, userId: UserId, role: Role, at: number): void {
  const changed = liveEntriesOf(context, userId).filter(
    (entry) => entry.role !== role && entry.proved_at <= at,
  );
  // News of what every token says already, or from before the newest one.
  const sockets = consoles(context).filter(
    ({ state: { person } }) => person.userId === userId && person.issuedAt <= at && person.role !== role,
  );
  bar(context, userId, at, 'role_changed');
  context.storage.transactionSync(() => {
    for (const entry of changed) changeRole(context, entry, role, 'webhook');
  });
  for (const { socket } of sockets) closeConsole(socket, 'role_changed');
  for (const entry of changed) noteVanished(context, entry);
  context.runDueNow();
}
