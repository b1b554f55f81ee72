import type { VerifiedPerson } from '../auth/clerk-token.ts';
import { closeConsole, consoleState, setConsoleState } from './console-sockets.ts';
import type { WorkspaceContext } from './context.ts';
import { entryById } from './entry-row.ts';
import { noteProof } from './entry-role.ts';
import { noteVanished } from './entry-watch.ts';

/**
 * The socket goes on with this token of the same person, sign-in and organization. An older one than it has
 * changes nothing: it could bring back a role that was taken away. With another role the socket is closed,
 * and the console comes back to what that role allows.
 */
export function renewPerson(context: WorkspaceContext, socket: WebSocket, person: VerifiedPerson): void {
  const state = consoleState(socket);
  if (state === null || person.issuedAt < state.person.issuedAt) return;
  // The same token again is no answer to the next challenge.
  const challenged = state.challenged && person.expiresAt <= state.person.expiresAt;
  setConsoleState(socket, { ...state, person, challenged });
  const entry = state.entryId === null ? null : entryById(context, state.entryId);
  if (entry === null || entry.ended_at !== null) return;
  const { role } = context.storage.transactionSync(() => noteProof(context, entry, person));
  if (role === entry.role) return;
  closeConsole(socket, 'role_changed');
  noteVanished(context, entry);
  context.runDueNow();
}
