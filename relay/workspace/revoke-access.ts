import type { ClerkSessionId, UserId } from '#protocol/ids.ts';
import { appendEvent } from '../audit/append-event.ts';
import { closeConsole, consoles } from './console-sockets.ts';
import type { WorkspaceContext } from './context.ts';
import { endEntry } from './entries.ts';
import { entryBySid, liveEntriesOf } from './entry-row.ts';
import { openSessionsOf } from './session-rows.ts';

/**
 * The identity service says that a sign-in or a membership is over: end its entries, close its sockets.
 * @returns how many entries were ended
 */
export function revokeAccess(
  context: WorkspaceContext,
  who: { readonly sid: ClerkSessionId } | { readonly userId: UserId },
  opId: string,
): number {
  const bySid = 'sid' in who ? entryBySid(context, who.sid) : null;
  const entries = 'userId' in who ? liveEntriesOf(context, who.userId) : bySid === null ? [] : [bySid];
  const live = entries.filter((entry) => entry.ended_at === null);
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
  for (const { socket, state } of consoles(context)) {
    const theirs = 'sid' in who ? state.person.sid === who.sid : state.person.userId === who.userId;
    if (theirs) closeConsole(socket, 'access_revoked');
  }
  return live.length;
}
