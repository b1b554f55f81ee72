// Sessions with all their commands: the relay tells them in parts where they are too many for one answer.
import type { VerbParams, VerbResult } from '#protocol/control/verbs.ts';
import type { SessionId } from '#protocol/ids.ts';
import type { SessionReview } from '#protocol/records.ts';
import type { CallError } from '../../connection/call-error.ts';
import type { Call } from '../../connection/relay-client.ts';

type Whole<T> = { readonly ok: true; readonly result: T } | { readonly ok: false; readonly error: CallError };

/** The sessions of an answer to `review.open`, in its order. */
export async function wholeSessions(
  call: Call,
  { sessions, unfinished }: VerbResult<'review.open'>,
): Promise<Whole<SessionReview[]>> {
  const whole = new Map(sessions.map((session) => [session.sessionId, session]));
  for (const { sessionId, commandsFrom } of unfinished) {
    const rest = await wholeSession(call, sessionId, commandsFrom);
    if (!rest.ok) return rest;
    const { commands, ...session } = rest.result;
    // Commands may have been added meanwhile: the end is told as it is now.
    whole.set(sessionId, { ...session, commands: [...(whole.get(sessionId)?.commands ?? []), ...commands] });
  }
  return { ok: true, result: [...whole.values()] };
}

/** One session, and of its commands those after the first `commandsFrom`. */
export async function wholeSession(
  call: Call,
  sessionId: SessionId,
  commandsFrom = 0,
): Promise<Whole<SessionReview>> {
  const commands: SessionReview['commands'] = [];
  for (let from = commandsFrom; ;) {
    const part = await readPart(call, { sessionId, commandsFrom: from });
    if (!part.ok) return part;
    const { commandsNext, ...session } = part.result;
    commands.push(...session.commands);
    if (commandsNext === null) return { ok: true, result: { ...session, commands } };
    from = commandsNext;
  }
}

function readPart(call: Call, params: VerbParams<'session.review'>) {
  return call('session.review', params);
}
