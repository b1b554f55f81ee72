// Sessions as the workspace knows them: who opened which machine, and what became of it. Bytes are the
// TerminalSession's; it reports facts here, and each report is recorded once.
import { verbs } from '#protocol/control/verbs.ts';
import type { VerbParams } from '#protocol/control/verbs.ts';
import { refuse } from '#protocol/errors.ts';
import type { ErrorCode, Refusal } from '#protocol/errors.ts';
import { SessionId, ulid } from '#protocol/ids.ts';
import type { EntryId, MachineId } from '#protocol/ids.ts';
import { SessionEndReason } from '#protocol/records.ts';
import type { Role } from '#protocol/records.ts';
import { z } from 'zod';
import type { VerifiedPerson } from '../auth/clerk-token.ts';
import { sealTicket, TICKET_LIFETIME_MS } from '../auth/machine-credentials.ts';
import { terminalOf } from '../auth/routing.ts';
import { dropDue, putDue } from '../storage/due.ts';
import { sendToAgent } from './agent-sockets.ts';
import { noteFailedSession, noteTrouble } from './attempts.ts';
import { barredCode } from './barred.ts';
import { consolesOf } from './console-sockets.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import { noteProof } from './entry-role.ts';
import { entryById, entryBySid } from './entry-row.ts';
import type { EntryRow } from './entry-row.ts';
import { refuseMachine, storedMachine } from './machines.ts';
import { probeMachine } from './probe-machine.ts';
import { requestEnd } from './request-end.ts';
import { attachedTo, noteWatcher } from './running-sessions.ts';
import { recordReports } from './session-reports.ts';
import { sessionOfEntry, storedSession } from './session-rows.ts';
import type { StoredSession } from './session-rows.ts';

/** An agent that has not started the shell by then will not. */
export const SESSION_START_TIMEOUT_MS = 30_000;

export async function openSession(
  context: WorkspaceContext,
  entry: EntryRow,
  { machineId, size }: VerbParams<'session.open'>,
): Promise<Outcome<'session.open'>> {
  const machine = storedMachine(context, machineId);
  if (machine === null) return refuseMachine(context, machineId);
  const probed = await probeMachine(context, machineId);
  if (!probed.ok) return probed;
  // A round trip lies in between: the entry may have been left meanwhile, or its role taken away.
  const current = entryById(context, entry.entry_id);
  if (current === null || current.ended_at !== null) return refuse('entry_ended');
  if (!mayOperate(current.role)) return refuse('role_insufficient');
  if (!probed.result.reachable) {
    noteTrouble(context, entry.entry_id, 'unreachable');
    return refuse('machine_offline');
  }
  const now = context.now();
  const sessionId = SessionId.parse(`ses_${ulid(now, context.random)}`);
  context.storage.transactionSync(() => {
    context.sql.exec(
      `INSERT INTO sessions (session_id, machine_id, machine_name, entry_id, user_id, user_name, cols, rows, state, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'opening', ?)`,
      sessionId,
      machineId,
      machine.name,
      entry.entry_id,
      entry.user_id,
      entry.name,
      size.cols,
      size.rows,
      now,
    );
    noteTrouble(context, entry.entry_id, null);
    const arg = JSON.stringify({ sessionId, reason: 'agent_lost' });
    putDue(context.sql, `start:${sessionId}`, now + SESSION_START_TIMEOUT_MS, 'session.start', arg);
  });
  await terminalOf(context.env, context.org, machineId, sessionId).create({
    org: context.org,
    machineId,
    sessionId,
    size,
    typist: { entryId: entry.entry_id, userId: entry.user_id, name: entry.name },
  });
  const ticket = issueTicket(context, machineId, sessionId);
  if (!sendToAgent(context, machineId, { type: 'session.open', sessionId, ticket, size })) {
    requestEnd(context, sessionId, 'agent_lost');
    noteTrouble(context, entry.entry_id, 'unreachable');
    return refuse('machine_offline');
  }
  return { ok: true, result: { sessionId, machineId } };
}

/** A ticket that opens this session's data socket once, within 30 seconds. */
export function issueTicket(context: WorkspaceContext, machineId: MachineId, sessionId: SessionId): string {
  const now = context.now();
  return sealTicket(context.config.relaySecret, {
    org: context.org,
    machineId,
    sessionId,
    ticketId: ulid(now, context.random),
    expiresAt: now + TICKET_LIFETIME_MS,
  });
}

export function closeSession(
  context: WorkspaceContext,
  entry: EntryRow,
  { sessionId }: VerbParams<'session.close'>,
): Outcome<'session.close'> {
  const session = sessionOfEntry(context, entry.entry_id, sessionId);
  if (session === null) return refuse('not_found');
  if (session.state !== 'ended') requestEnd(context, sessionId, 'closed');
  return { ok: true, result: {} };
}

const EndArg = z.object({ sessionId: SessionId, reason: SessionEndReason });

/** Outbox: pass the end on to the session's object. */
export async function deliverEnd(context: WorkspaceContext, arg: string): Promise<void> {
  const { sessionId, reason } = EndArg.parse(JSON.parse(arg));
  const session = storedSession(context, sessionId);
  if (session === null || session.state === 'ended') return;
  const terminal = terminalOf(context.env, context.org, session.machine_id, sessionId);
  // The stay goes on: it is the role that does not allow this any more.
  if (reason === 'access_revoked' && entryById(context, session.entry_id)?.ended_at === null) {
    await terminal.detach(context.org, session.entry_id, 'role_insufficient', false);
  }
  if (await terminal.end(context.org, reason)) return;
  // Its object never came to be, so it will not report its end.
  const nothing = { exitCode: null, bytesIn: 0, bytesOut: 0, recordingSha256: '0'.repeat(64) };
  recordReports(context, sessionId, [{ opId: `${sessionId}:ended`, type: 'ended', reason, ...nothing }]);
}

/** Outbox: the shell has not started in time. */
export function checkStarted(context: WorkspaceContext, arg: string): void {
  const { sessionId, reason } = EndArg.parse(JSON.parse(arg));
  dropDue(context.sql, `start:${sessionId}`);
  const session = storedSession(context, sessionId);
  if (session?.state !== 'opening') return;
  noteFailedSession(context, session);
  requestEnd(context, sessionId, reason);
}

/** Outbox: take the terminals of an entry away from a console that has not proved itself for a while. */
export async function deliverDetach(context: WorkspaceContext, entryId: EntryId): Promise<void> {
  // Proved anew since this was due.
  if (consolesOf(context, entryId).length > 0) return;
  await detachAll(context, entryId, 'token_expired', false);
}

/** Outbox: the entry is over; none of its consoles stays on a session, wherever that goes on to. */
export async function deliverLeave(context: WorkspaceContext, entryId: EntryId): Promise<void> {
  const revoked = entryById(context, entryId)?.end_reason === 'access_revoked';
  await detachAll(context, entryId, revoked ? 'access_revoked' : 'entry_ended', true);
  context.sql.exec('DELETE FROM watches WHERE entry_id = ?', entryId);
}

async function detachAll(
  context: WorkspaceContext,
  entryId: EntryId,
  code: ErrorCode,
  forGood: boolean,
): Promise<void> {
  await Promise.all(
    attachedTo(context, entryId).map((session) =>
      terminalOf(context.env, context.org, session.machine_id, session.session_id).detach(
        context.org,
        entryId,
        code,
        forGood,
      ),
    ),
  );
}

/** The agent could not start the shell. */
export function noteFailedStart(context: WorkspaceContext, machineId: MachineId, sessionId: SessionId): void {
  const session = storedSession(context, sessionId);
  if (session === null || session.machine_id !== machineId || session.state !== 'opening') return;
  noteFailedSession(context, session);
  requestEnd(context, sessionId, 'agent_lost');
}

/** Open sessions of a machine, to compare with what its agent says it holds. */
export function openSessionsOn(context: WorkspaceContext, machineId: MachineId): StoredSession[] {
  return context.sql
    .exec<{ session_id: string }>(
      "SELECT session_id FROM sessions WHERE machine_id = ? AND state <> 'ended'",
      machineId,
    )
    .toArray()
    .flatMap((row) => storedSession(context, SessionId.parse(row.session_id)) ?? []);
}

/**
 * May this console attach? In a live entry: to type where the keyboard is this entry's, to look on elsewhere, which is
 * recorded. The session's object lets nobody else type. Foreign, unknown and ended sessions all look alike, but for
 * the entry that had the keyboard at the end.
 */
export function admitToTerminal(
  context: WorkspaceContext,
  person: VerifiedPerson,
  machineId: MachineId,
  sessionId: SessionId,
): { readonly ok: true; readonly entryId: EntryId } | Refusal {
  const barred = barredCode(context, person);
  if (barred !== null) return refuse(barred);
  const entry = entryBySid(context, person.sid);
  if (entry === null || entry.user_id !== person.userId) return refuse('entry_required');
  if (entry.ended_at !== null) return refuse('entry_ended');
  const session = storedSession(context, sessionId);
  if (session === null || session.machine_id !== machineId) return refuse('not_found');
  const types = session.entry_id === entry.entry_id;
  if (!types && session.state === 'ended') return refuse('not_found');
  const { role } = context.storage.transactionSync(() => {
    const proved = noteProof(context, entry, person);
    if (!types) noteWatcher(context, proved, session);
    return proved;
  });
  if (types && !mayOperate(role)) return refuse('role_insufficient');
  return { ok: true, entryId: entry.entry_id };
}

function mayOperate(role: Role): boolean {
  return verbs['session.open'].roles.some((allowed) => allowed === role);
}
