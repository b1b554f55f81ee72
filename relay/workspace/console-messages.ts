// A console's messages: requests go to their verb's handler, tokens answer challenges. What a console
// may ask is decided here: entered or not, role, parameters. Refusals of access are recorded.
import { ConsoleToWorkspace, CONSOLE_MESSAGE_MAX_LENGTH } from '#protocol/control/console-to-workspace.ts';
import { showsPresence, takesStepUp, verbs } from '#protocol/control/verbs.ts';
import type { VerbName } from '#protocol/control/verbs.ts';
import { refuse } from '#protocol/errors.ts';
import type { ErrorCode, Refusal } from '#protocol/errors.ts';
import { ulid } from '#protocol/ids.ts';
import { parseMessage } from '#protocol/parse-message.ts';
import { verifyClerkToken } from '../auth/clerk-token.ts';
import type { VerifiedPerson } from '../auth/clerk-token.ts';
import { appendEvent } from '../audit/append-event.ts';
import { log } from '../log.ts';
import { wireError } from '../routes/wire-error.ts';
import { noteTrouble } from './attempts.ts';
import { barredCode } from './barred.ts';
import { closeConsole, consoleState, sendToConsole } from './console-sockets.ts';
import type { ConsoleState } from './console-sockets.ts';
import type { WorkspaceContext } from './context.ts';
import { isSteppedUp } from './entries.ts';
import { noteActivity } from './entry-limits.ts';
import { entryById } from './entry-row.ts';
import { renewPerson } from './renew-person.ts';
import { enterWorkspace, verbHandlers } from './verb-handlers.ts';
import type { Call } from './verb-handlers.ts';

/** Refused to this person: worth a line in the audit, foreign and unknown alike. */
const RECORDED: ReadonlySet<ErrorCode> = new Set([
  'not_found',
  'role_insufficient',
  'sign_in_not_fresh',
  'second_factor_required',
  'entry_ended',
]);

export async function onConsoleMessage(
  context: WorkspaceContext,
  socket: WebSocket,
  data: string | ArrayBuffer,
): Promise<void> {
  const state = consoleState(socket);
  if (state === null) return;
  if (typeof data !== 'string') return closeConsole(socket, 'message_invalid');
  if (data.length > CONSOLE_MESSAGE_MAX_LENGTH) return closeConsole(socket, 'message_too_large');
  const parsed = parseMessage(ConsoleToWorkspace, data);
  if (!parsed.ok) return closeConsole(socket, 'message_invalid', parsed.reason);
  const { message } = parsed;
  if (message.type === 'token') return renewToken(context, socket, message.token);

  const outcome = await answer(context, socket, state, message.verb, message.params);
  sendToConsole(socket, {
    type: 'reply',
    id: message.id,
    outcome: outcome.ok ? outcome : { ok: false, error: wireError(outcome.code, outcome.detail) },
  });
  if (message.verb === 'workspace.enter' && !outcome.ok) closeConsole(socket, outcome.code);
  if (message.verb === 'workspace.leave' && outcome.ok) socket.close(1000, 'left');
}

async function answer(
  context: WorkspaceContext,
  socket: WebSocket,
  state: ConsoleState,
  verb: VerbName,
  rawParams: unknown,
): Promise<{ readonly ok: true; readonly result: unknown } | Refusal> {
  const entry = state.entryId === null ? null : entryById(context, state.entryId);
  if (verb !== 'workspace.enter' && entry === null) return refuse('entry_required');
  const { roles, params } = verbs[verb];
  const parsed = params.safeParse(rawParams);
  let outcome: { readonly ok: true; readonly result: unknown } | Refusal;
  const role = entry?.role ?? state.person.role;
  if (!roles.some((allowed) => allowed === role)) outcome = refuse('role_insufficient');
  else if (!parsed.success) outcome = refuse('message_invalid', parsed.error.issues[0]?.path.join('.'));
  else if (verb === 'workspace.enter') {
    outcome = enterWorkspace(context, socket, state, verbs[verb].params.parse(rawParams));
  } else if (entry === null || entry.ended_at !== null) outcome = refuse('entry_ended');
  else if (takesStepUp(verb) && !isSteppedUp(context, state.person)) outcome = refuse('step_up_required');
  else {
    if (showsPresence(verb)) noteActivity(context, entry);
    // The table ties each handler to its verb; the compiler cannot follow a verb chosen at run time.
    const handler = verbHandlers[verb] as (call: Call, params: unknown) => ReturnType<typeof answer>;
    outcome = await handler({ context, socket, state, entry }, parsed.data);
  }
  if (!outcome.ok && RECORDED.has(outcome.code)) {
    recordDenied(context, state.person, state.ip, verb, outcome.recordedAs ?? outcome.code);
    if (verb === 'session.open' && outcome.code === 'role_insufficient' && entry !== null) {
      noteTrouble(context, entry.entry_id, 'denied');
    }
  }
  return outcome;
}

/** `access.denied`, for someone whose token was verified whether or not they have an entry. */
export function recordDenied(
  context: WorkspaceContext,
  person: VerifiedPerson,
  ip: string | null,
  verb: string,
  code: string,
): void {
  const opId = `denied:${ulid(context.now(), context.random)}`;
  context.storage.transactionSync(() =>
    appendEvent(context, {
      event: 'access.denied',
      opId,
      actor: {
        user_id: person.userId,
        sid: person.sid,
        role: person.role,
        auth_age_s: person.firstFactorMinutes === null ? null : person.firstFactorMinutes * 60,
        factor: person.secondFactorMinutes === null ? 'first' : 'second',
      },
      device: { install_id: '', app_version: '', window_id: '', ip },
      correlationId: person.sid,
      outcome: 'refused',
      fields: { verb, refused_code: code },
    }),
  );
  log('access.denied', { org: context.org, user: person.userId, verb, code });
}

async function renewToken(context: WorkspaceContext, socket: WebSocket, token: string): Promise<void> {
  const verified = await verifyClerkToken(token, context.config.clerk);
  const state = consoleState(socket);
  if (state === null || socket.readyState !== WebSocket.OPEN) return;
  // The identity service not answering is no reason to cut a socket whose token is still good.
  if (!verified.ok && verified.code === 'unavailable') return;
  if (!verified.ok) return closeConsole(socket, verified.code, verified.detail);
  const { person } = verified;
  const same =
    person.userId === state.person.userId && person.sid === state.person.sid && person.org === context.org;
  if (!same) return closeConsole(socket, 'token_invalid', 'another person, sign-in or organization');
  const barred = barredCode(context, person);
  if (barred !== null) return closeConsole(socket, barred);
  renewPerson(context, socket, person);
}
