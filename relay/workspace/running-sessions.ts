// Sessions that have not ended, and whose keyboard each is. A session outlives the stay that opened it: a later stay
// takes it up, or a colleague's takes it over, and what is done in it from then on is theirs.
import type { VerbParams } from '#protocol/control/verbs.ts';
import { refuse } from '#protocol/errors.ts';
import { SessionId, ulid } from '#protocol/ids.ts';
import type { EntryId, UserId } from '#protocol/ids.ts';
import { SessionEndReason } from '#protocol/records.ts';
import type { RunningSession, SessionRow } from '#protocol/records.ts';
import { z } from 'zod';
import { terminalOf } from '../auth/routing.ts';
import { dropDue, putDue } from '../storage/due.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import { entryById } from './entry-row.ts';
import type { EntryRow } from './entry-row.ts';
import { refuseMachine, storedMachine } from './machines.ts';
import { currentPolicy } from './policy.ts';
import { recordByPerson } from './record-event.ts';
import { requestEnd } from './request-end.ts';
import { storedSession, StoredSession, toSessionRow } from './session-rows.ts';

const LISTED = 100;
const HAND_OVER_AGAIN_MS = 1000;

export function listRunning(
  context: WorkspaceContext,
  entry: EntryRow,
  { machineId }: VerbParams<'session.list'>,
): Outcome<'session.list'> {
  if (machineId !== null && storedMachine(context, machineId) === null)
    return refuseMachine(context, machineId);
  const sessions = context.sql
    .exec(
      `SELECT * FROM sessions WHERE state <> 'ended' AND (?1 IS NULL OR machine_id = ?1)
       ORDER BY created_at DESC LIMIT ?2`,
      machineId,
      LISTED,
    )
    .toArray()
    .map((row) => runningSession(context, entry, StoredSession.parse(row)));
  return { ok: true, result: { sessions } };
}

function runningSession(context: WorkspaceContext, entry: EntryRow, session: StoredSession): RunningSession {
  const typist = typistOf(context, session);
  return {
    ...toSessionRow(session),
    typist: { userId: typist.user_id, name: typist.name },
    away: typist.ended_at !== null || typist.vanished_at !== null,
    here: typist.entry_id === entry.entry_id,
  };
}

/** This person's sessions that have not ended, whichever stay has them. */
export function runningOf(context: WorkspaceContext, userId: UserId): SessionRow[] {
  return context.sql
    .exec(
      `SELECT sessions.* FROM sessions JOIN entries USING (entry_id)
       WHERE entries.user_id = ? AND state <> 'ended' ORDER BY created_at`,
      userId,
    )
    .toArray()
    .map((row) => toSessionRow(StoredSession.parse(row)));
}

export async function takeSession(
  context: WorkspaceContext,
  entry: EntryRow,
  { sessionId, from }: VerbParams<'session.take'>,
): Promise<Outcome<'session.take'>> {
  const session = storedSession(context, sessionId);
  if (session === null) return refuse('not_found');
  if (session.state === 'ended') return refuse('session_ended');
  const typist = typistOf(context, session);
  if (typist.entry_id === entry.entry_id) return { ok: true, result: {} };
  if (typist.user_id !== from) return refuse('conflict');
  context.storage.transactionSync(() => {
    context.sql.exec('UPDATE sessions SET entry_id = ? WHERE session_id = ?', entry.entry_id, sessionId);
    dropDue(context.sql, `keep:${sessionId}`);
    // Whoever had the keyboard looks on from here, and is let go with their stay as every watcher.
    noteAttached(context, typist, sessionId);
    recordByPerson(
      context,
      entry,
      'session.taken_over',
      `${sessionId}:taken:${entry.entry_id}:${ulid(context.now(), context.random)}`,
      { session_id: sessionId, from_entry_id: typist.entry_id, from_user_id: typist.user_id },
      { correlationId: sessionId },
    );
    putDue(context.sql, `hand:${sessionId}`, context.now() + HAND_OVER_AGAIN_MS, 'session.hand', sessionId);
  });
  await deliverHandOver(context, sessionId);
  dropDue(context.sql, `hand:${sessionId}`);
  return { ok: true, result: {} };
}

/** Outbox: tell the session's object whose keyboard it is. */
export async function deliverHandOver(context: WorkspaceContext, sessionId: SessionId): Promise<void> {
  const session = storedSession(context, sessionId);
  if (session === null || session.state === 'ended') return;
  const { entry_id: entryId, user_id: userId, name } = typistOf(context, session);
  await terminalOf(context.env, context.org, session.machine_id, sessionId).handOver(context.org, {
    entryId,
    userId,
    name,
  });
}

/** How long a session is kept whose console or machine is away. */
export function sessionGraceMs(context: WorkspaceContext): number {
  return Math.min(currentPolicy(context).sessionGraceMinutes * 60_000, context.config.sessionGraceMs);
}

const KeepArg = z.object({ sessionId: SessionId, entryId: z.string(), reason: SessionEndReason });

/** The stay is over and its session runs on, until another stay of the person takes it up or the grace is over. */
export function keepForGrace(
  context: WorkspaceContext,
  { entry_id: entryId, vanished_at: vanishedAt }: EntryRow,
  sessionId: SessionId,
  reason: SessionEndReason,
): void {
  const arg = JSON.stringify({ sessionId, entryId, reason });
  const since = vanishedAt ?? context.now();
  const until = Math.max(context.now(), since + sessionGraceMs(context));
  putDue(context.sql, `keep:${sessionId}`, until, 'session.keep', arg);
}

/** Nobody took it up. */
export function endKept(context: WorkspaceContext, arg: string): void {
  const { sessionId, entryId, reason } = KeepArg.parse(JSON.parse(arg));
  const session = storedSession(context, sessionId);
  if (session === null || session.state === 'ended' || session.entry_id !== entryId) return;
  requestEnd(context, sessionId, reason);
}

/**
 * Nobody may come back to what ran on after these stays: it ends now.
 * @param userId null: everybody's
 * @param untilMs of stays that proved themselves by then, by the identity service's clock
 */
export function endKeptOf(context: WorkspaceContext, userId: UserId | null, untilMs: number): void {
  const kept = context.sql.exec(
    `SELECT sessions.session_id FROM sessions JOIN entries USING (entry_id)
     WHERE state <> 'ended' AND entries.ended_at IS NOT NULL AND (?1 IS NULL OR entries.user_id = ?1) AND proved_at <= ?2`,
    userId,
    untilMs,
  );
  for (const row of kept.toArray()) {
    requestEnd(context, SessionId.parse(row['session_id']), 'access_revoked');
  }
}

/** Note that somebody looks on: recorded once a stay, and let go when the stay is over. Call inside a transaction. */
export function noteWatcher(
  context: WorkspaceContext,
  entry: EntryRow,
  { session_id: sessionId }: StoredSession,
): void {
  noteAttached(context, entry, sessionId);
  const fields = { session_id: sessionId, viewer: entry.user_id };
  const opId = `${sessionId}:watched:${entry.entry_id}`;
  recordByPerson(context, entry, 'session.watched', opId, fields, { correlationId: sessionId });
}

function noteAttached(
  context: WorkspaceContext,
  { entry_id: entryId }: EntryRow,
  sessionId: SessionId,
): void {
  context.sql.exec('INSERT OR IGNORE INTO watches (entry_id, session_id) VALUES (?, ?)', entryId, sessionId);
}

/** Sessions that this stay types into or looks on. */
export function attachedTo(context: WorkspaceContext, entryId: EntryId): StoredSession[] {
  return context.sql
    .exec(
      `SELECT * FROM sessions WHERE state <> 'ended'
       AND (entry_id = ?1 OR session_id IN (SELECT session_id FROM watches WHERE entry_id = ?1))`,
      entryId,
    )
    .toArray()
    .map((row) => StoredSession.parse(row));
}

function typistOf(context: WorkspaceContext, session: StoredSession): EntryRow {
  const entry = entryById(context, session.entry_id);
  if (entry === null) throw new Error('A session without its entry.');
  return entry;
}
