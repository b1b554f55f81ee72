// Tokens live a minute, sockets longer: each console is asked for a new token before its old one ends.
import { closeConsole, consoles, sendToConsole, setConsoleState } from './console-sockets.ts';
import { TOKEN_GRACE_MS } from '../auth/clerk-token.ts';
import type { WorkspaceContext } from './context.ts';
import { putDue } from '../storage/due.ts';
import { entryById } from './entry-row.ts';
import { noteVanished } from './entry-watch.ts';

/** A background window's renderer is slow to wake; a new token takes it a request to the identity service. */
const CHALLENGE_BEFORE_MS = 20_000;

/** Challenge or close every console whose time has come. */
export function checkTokens(context: WorkspaceContext): void {
  const now = context.now();
  for (const { socket, state } of consoles(context)) {
    const { expiresAt } = state.person;
    if (now >= expiresAt + TOKEN_GRACE_MS) {
      closeConsole(socket, 'token_expired');
      if (state.entryId === null) continue;
      putDue(context.sql, `detach:${state.entryId}`, now, 'sessions.detach', state.entryId);
      // A console that is really gone will not answer the close either.
      const entry = entryById(context, state.entryId);
      if (entry !== null) noteVanished(context, entry);
    } else if (!state.challenged && now >= expiresAt - CHALLENGE_BEFORE_MS) {
      setConsoleState(socket, { ...state, challenged: true });
      sendToConsole(socket, { type: 'challenge', expiresAt });
    }
  }
}

/** Epoch ms of the next challenge or close, null without consoles. */
export function nextTokenCheckAt(context: WorkspaceContext): number | null {
  const times = consoles(context).map(({ state }) =>
    state.challenged ? state.person.expiresAt + TOKEN_GRACE_MS : state.person.expiresAt - CHALLENGE_BEFORE_MS,
  );
  return times.length === 0 ? null : Math.min(...times);
}
