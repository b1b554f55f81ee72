// One handler a verb of the protocol's table. Parameters are parsed and roles checked before these run.
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { refuse } from '#protocol/errors.ts';
import type { VerbName, VerbParams } from '#protocol/control/verbs.ts';
import { listLines } from '../audit/append-event.ts';
import { compareCheckpoint } from '../audit/compare-checkpoint.ts';
import { knownKeys, rotateKey } from '../audit/signing-keys.ts';
import { verifyClerkToken } from '../auth/clerk-token.ts';
import { abortAttempt, openAttemptOf } from './attempts.ts';
import { removeMachine, renameMachine } from './change-machines.ts';
import { closeConsole, consolesOf, setConsoleState } from './console-sockets.ts';
import type { ConsoleState } from './console-sockets.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import { createEnrollment, listEnrollments, revokeEnrollment, rotateEnrollment } from './enrollment-codes.ts';
import { endEntry, enter, reverify } from './entries.ts';
import type { EntryRow } from './entry-row.ts';
import { openEvidence, readEvidence, shownKeys } from './evidence.ts';
import { releaseMachine } from './key-alerts.ts';
import { openLink } from './links.ts';
import { listMachines } from './machine-list.ts';
import { machineCard, machineCount, refuseMachine } from './machines.ts';
import { getPolicy, setPolicy } from './policy.ts';
import { reportPaste } from './paste-report.ts';
import { probeMachine } from './probe-machine.ts';
import { causedBy } from './record-event.ts';
import { renewPerson } from './renew-person.ts';
import { searchCommands } from './command-search.ts';
import { readRecording } from './read-recording.ts';
import { addNote } from './review-notes.ts';
import { completeReview, openReview, reviewSession } from './review.ts';
import { listRunbooks, runRunbook, saveRunbook, sessionShell } from './runbooks.ts';
import { listRunning, runningOf, takeSession } from './running-sessions.ts';
import { answerSearch } from './search.ts';
import { getStream, setStream } from '../stream/configure-stream.ts';
import { closeSession, openSession } from './sessions.ts';
import { currentFrame, hasStoredFrame, setFrame } from './stored-frame.ts';

/** Who asks: an entered console on its socket. */
export interface Call {
  readonly context: WorkspaceContext;
  readonly socket: WebSocket;
  readonly state: ConsoleState;
  readonly entry: EntryRow;
}

type EnteredVerb = Exclude<VerbName, 'workspace.enter'>;
type Handlers = {
  readonly [V in EnteredVerb]: (call: Call, params: VerbParams<V>) => Outcome<V> | Promise<Outcome<V>>;
};

/** The only verb before an entry: begins one, or joins the one this sign-in has. */
export function enterWorkspace(
  context: WorkspaceContext,
  socket: WebSocket,
  state: ConsoleState,
  params: VerbParams<'workspace.enter'>,
): Outcome<'workspace.enter'> {
  if (params.protocolVersion !== PROTOCOL_VERSION) return refuse('version_unsupported');
  const entered = context.storage.transactionSync(() => enter(context, state.person, state.ip, params));
  if (!entered.ok) return entered;
  const { entry, resumed } = entered;
  for (const older of consolesOf(context, entry.entry_id)) {
    if (older !== socket) closeConsole(older, 'entry_replaced');
  }
  setConsoleState(socket, { ...state, entryId: entry.entry_id });
  return {
    ok: true,
    result: {
      entryId: entry.entry_id,
      resumed,
      person: { userId: entry.user_id, name: entry.name },
      role: entry.role,
      frame: currentFrame(context),
      frameStored: hasStoredFrame(context),
      machineCount: machineCount(context),
      openSessions: runningOf(context, entry.user_id),
    },
  };
}

export const verbHandlers: Handlers = {
  'workspace.leave': ({ context, entry }, { reason }) => {
    endEntry(context, entry, reason);
    return { ok: true, result: {} };
  },
  'workspace.reverify': async ({ context, socket, entry }, { token, purpose }) => {
    const verified = await verifyClerkToken(token, context.config.clerk);
    if (!verified.ok) return verified;
    if (verified.person.org !== context.org) return refuse('token_invalid');
    const refusal = reverify(context, entry, verified.person, purpose);
    if (refusal !== null) return refusal;
    renewPerson(context, socket, verified.person);
    return { ok: true, result: {} };
  },
  'policy.get': ({ context }) => getPolicy(context),
  'policy.set': ({ context, entry, state }, params) => setPolicy(context, entry, state.person, params),
  'frame.set': ({ context, entry }, params) => setFrame(context, entry, params),
  'link.open': ({ context, entry }, params) => openLink(context, entry, params),
  'machine.search': ({ context, entry }, params) => answerSearch(context, entry, params),
  'machine.list': ({ context }, params) => listMachines(context, params),
  'machine.get': ({ context }, { machineId }) => {
    const card = machineCard(context, machineId);
    return card === null ? refuseMachine(context, machineId) : { ok: true, result: card };
  },
  'machine.rename': ({ context, entry }, params) => renameMachine(context, entry, params),
  'machine.remove': ({ context, entry }, params) => removeMachine(context, entry, params),
  'machine.release': ({ context, entry }, params) => releaseMachine(context, entry, params),
  'machine.probe': ({ context }, { machineId }) => probeMachine(context, machineId),
  'attempt.dismiss': ({ context, entry }) => {
    context.pendingSearches.settleNow(entry.entry_id);
    context.storage.transactionSync(() => {
      const attempt = openAttemptOf(context, entry.entry_id);
      if (attempt !== null) abortAttempt(context, entry, attempt, 'dismissed', null);
    });
    return { ok: true, result: {} };
  },
  'session.open': ({ context, entry }, params) => {
    context.pendingSearches.settleNow(entry.entry_id);
    return openSession(context, entry, params);
  },
  'session.list': ({ context, entry }, params) => listRunning(context, entry, params),
  'session.take': ({ context, entry }, params) => takeSession(context, entry, params),
  'session.close': ({ context, entry }, params) => closeSession(context, entry, params),
  'session.shell': ({ context, entry }, params) => sessionShell(context, entry, params),
  'runbook.list': ({ context }) => ({ ok: true, result: { runbooks: listRunbooks(context) } }),
  'runbook.save': ({ context, entry }, params) => saveRunbook(context, entry, params),
  'runbook.run': ({ context, entry }, params) => runRunbook(context, entry, params),
  'paste.report': ({ context, entry }, params) => reportPaste(context, entry, params),
  'enrollment.create': ({ context, entry }, params) => createEnrollment(context, entry, params),
  'enrollment.list': ({ context }) => listEnrollments(context),
  'enrollment.rotate': ({ context, entry }, params) => rotateEnrollment(context, entry, params),
  'enrollment.revoke': ({ context, entry }, params) => revokeEnrollment(context, entry, params),
  'review.open': ({ context, entry }, params) => openReview(context, entry, params),
  'review.complete': ({ context, entry }, params) => completeReview(context, entry, params),
  'session.review': ({ context }, params) => reviewSession(context, params),
  'review.note': ({ context, entry }, params) => addNote(context, entry, params),
  'command.search': ({ context }, params) => searchCommands(context, params),
  'recording.read': ({ context, entry }, params) => readRecording(context, entry, params),
  'audit.list': ({ context }, { afterSeq, limit }) => ({
    ok: true,
    result: listLines(context.sql, afterSeq, limit),
  }),
  'audit.checkpoint': ({ context }, { lastSeenSize }) => ({
    ok: true,
    result: compareCheckpoint(context.sql, lastSeenSize),
  }),
  'audit.key': async ({ context }) => ({ ok: true, result: { keys: shownKeys(await knownKeys(context)) } }),
  'audit.rotateKey': async ({ context, entry }) => ({
    ok: true,
    result: { keys: shownKeys(await rotateKey(context, causedBy(context, entry))) },
  }),
  'evidence.open': ({ context, entry }, params) => openEvidence(context, entry, params),
  'stream.get': ({ context }) => getStream(context),
  'stream.set': ({ context, entry }, params) => setStream(context, entry, params),
  'evidence.read': ({ context, entry }, params) => readEvidence(context, entry, params),
};
