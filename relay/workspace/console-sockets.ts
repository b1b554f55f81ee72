// The consoles' sockets on a workspace: what each one proved, kept in its attachment so that it
// survives hibernation, and how to speak to and close one.
import { errors } from '#protocol/errors.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import type { EntryId } from '#protocol/ids.ts';
import type { WorkspaceToConsole } from '#protocol/control/workspace-to-console.ts';
import type { VerifiedPerson } from '../auth/clerk-token.ts';
import { wireError } from '../routes/wire-error.ts';
import type { WorkspaceContext } from './context.ts';

export const CONSOLE_TAG = 'console';

export interface ConsoleState {
  readonly kind: 'console';
  readonly person: VerifiedPerson;
  readonly ip: string | null;
  /** Null until `workspace.enter`. */
  readonly entryId: EntryId | null;
  /** A new token was asked for and has not come yet. */
  readonly challenged: boolean;
}

export function consoleState(socket: WebSocket): ConsoleState | null {
  // Written by setConsoleState alone.
  const state = socket.deserializeAttachment() as { kind: string } | null;
  return state?.kind === 'console' ? (state as ConsoleState) : null;
}

export function setConsoleState(socket: WebSocket, state: ConsoleState): void {
  socket.serializeAttachment(state);
}

/** Open consoles with their states. */
export function consoles(context: WorkspaceContext): { socket: WebSocket; state: ConsoleState }[] {
  return context.sockets(CONSOLE_TAG).flatMap((socket) => {
    const state = consoleState(socket);
    return state === null || socket.readyState !== WebSocket.OPEN ? [] : [{ socket, state }];
  });
}

export function consolesOf(context: WorkspaceContext, entryId: EntryId): WebSocket[] {
  return consoles(context)
    .filter(({ state }) => state.entryId === entryId)
    .map(({ socket }) => socket);
}

export function sendToConsole(socket: WebSocket, message: WorkspaceToConsole): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

/** To everyone who has entered. */
export function broadcast(context: WorkspaceContext, message: WorkspaceToConsole): void {
  for (const { socket, state } of consoles(context)) {
    if (state.entryId !== null) sendToConsole(socket, message);
  }
}

/** Say why, then close with the code of the error table. */
export function closeConsole(socket: WebSocket, code: ErrorCode, detail?: string): void {
  sendToConsole(socket, { type: 'closing', error: wireError(code, detail) });
  socket.close(errors[code].closeCode, code);
}
