import { ConsoleToWorkspace, CONSOLE_MESSAGE_MAX_LENGTH } from '#protocol/control/console-to-workspace.ts';
import { parseMessage } from '#protocol/parse-message.ts';
import { wireError } from '../routes/wire-error.ts';
import { closeConsole, sendToConsole } from './console-sockets.ts';
import type { ConsoleState } from './console-sockets.ts';

/**
 * Answer a console that asks too much: not now, and when. False for what is to be handled all the same: a token that
 * was asked for, and what closes the socket anyway.
 */
export function refuseCall(
  socket: WebSocket,
  state: ConsoleState,
  data: string | ArrayBuffer,
  retryAfterMs: number,
): boolean {
  if (typeof data !== 'string' || data.length > CONSOLE_MESSAGE_MAX_LENGTH) return false;
  const parsed = parseMessage(ConsoleToWorkspace, data);
  if (!parsed.ok) return false;
  const { message } = parsed;
  if (message.type === 'token') {
    if (state.challenged) return false;
    closeConsole(socket, 'rate_limited');
    return true;
  }
  const error = wireError('rate_limited', undefined, retryAfterMs);
  sendToConsole(socket, { type: 'reply', id: message.id, outcome: { ok: false, error } });
  if (message.verb === 'workspace.enter') closeConsole(socket, 'rate_limited');
  return true;
}
