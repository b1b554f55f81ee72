// The morning review: every session and every aborted attempt of a time range, and the reviewer's
// time on it, measured here between opening and completing.
import type { VerbParams } from '#protocol/control/verbs.ts';
import { refuse } from '#protocol/errors.ts';
import type { AttemptReview, KeyAlertReview, SessionReview } from '#protocol/records.ts';
import { terminalOf } from '../auth/routing.ts';
import { abortedAttempts, foundNothing, queriesOf } from './attempts.ts';
import type { AttemptRow } from './attempts.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import { entryById } from './entry-row.ts';
import type { EntryRow } from './entry-row.ts';
import { keyAlertsBetween } from './key-alert-review.ts';
import { machineNameOf } from './machines.ts';
import { recordByPerson } from './record-event.ts';
import { commandsOf } from './session-reports.ts';
import { storedSession, StoredSession, toSessionRow } from './session-rows.ts';
import { ulid } from '#protocol/ids.ts';

export function openReview(
  context: WorkspaceContext,
  entry: EntryRow,
  { fromMs, toMs }: VerbParams<'review.open'>,
): Outcome<'review.open'> {
  const openedAt = context.now();
  context.sql.exec(
    `INSERT INTO reviews_open (user_id, from_ms, to_ms, opened_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (user_id, from_ms, to_ms) DO UPDATE SET opened_at = excluded.opened_at`,
    entry.user_id,
    fromMs,
    toMs,
    openedAt,
  );
  return { ok: true, result: { ...reviewed(context, fromMs, toMs), openedAt } };
}

/** `conflict` when no review of this range is open. */
export function completeReview(
  context: WorkspaceContext,
  entry: EntryRow,
  { fromMs, toMs, verdict }: VerbParams<'review.complete'>,
): Outcome<'review.complete'> {
  return context.storage.transactionSync(() => {
    const [open] = context.sql
      .exec<{ opened_at: number }>(
        'DELETE FROM reviews_open WHERE user_id = ? AND from_ms = ? AND to_ms = ? RETURNING opened_at',
        entry.user_id,
        fromMs,
        toMs,
      )
      .toArray();
    if (open === undefined) return refuse('conflict');
    const durationMs = context.now() - open.opened_at;
    const { sessions, attempts, keyAlerts } = reviewed(context, fromMs, toMs);
    const exceptions = attempts.length + keyAlerts.length + sessions.filter(isException).length;
    recordByPerson(context, entry, 'review.completed', `review:${ulid(context.now(), context.random)}`, {
      reviewer: entry.user_id,
      from: fromMs,
      to: toMs,
      duration_s: durationMs / 1000,
      sessions: sessions.length,
      exceptions,
      verdict,
    });
    return { ok: true, result: { durationMs, sessions: sessions.length, exceptions } };
  });
}

/** A page of a recording; opening the first one is recorded. */
export async function readRecording(
  context: WorkspaceContext,
  entry: EntryRow,
  { sessionId, cursor }: VerbParams<'recording.read'>,
): Promise<Outcome<'recording.read'>> {
  const session = storedSession(context, sessionId);
  if (session === null) return refuse('not_found');
  if (cursor === null) {
    const opId = `viewed:${ulid(context.now(), context.random)}`;
    context.storage.transactionSync(() =>
      recordByPerson(context, entry, 'recording.viewed', opId, {
        session_id: sessionId,
        viewer: entry.user_id,
      }),
    );
  }
  const terminal = terminalOf(context.env, context.org, session.machine_id, sessionId);
  return { ok: true, result: await terminal.readRecording(context.org, cursor) };
}

function reviewed(
  context: WorkspaceContext,
  fromMs: number,
  toMs: number,
): { sessions: SessionReview[]; attempts: AttemptReview[]; keyAlerts: KeyAlertReview[] } {
  const sessions = context.sql
    .exec(
      `SELECT * FROM sessions WHERE started_at IS NOT NULL AND started_at <= ? AND (ended_at IS NULL OR ended_at >= ?)
       ORDER BY started_at`,
      toMs,
      fromMs,
    )
    .toArray()
    .map((row) => sessionReview(context, StoredSession.parse(row)));
  const attempts = abortedAttempts(context, fromMs, toMs).map((attempt) => attemptReview(context, attempt));
  return { sessions, attempts, keyAlerts: keyAlertsBetween(context, fromMs, toMs) };
}

function sessionReview(context: WorkspaceContext, session: StoredSession): SessionReview {
  const interruptions = context.sql
    .exec<{ at: number; gap_ms: number }>(
      'SELECT at, gap_ms FROM interruptions WHERE session_id = ? ORDER BY at',
      session.session_id,
    )
    .toArray();
  return {
    ...toSessionRow(session),
    endReason: session.end_reason,
    exitCode: session.exit_code,
    bytesIn: session.bytes_in,
    bytesOut: session.bytes_out,
    recordingSha256: session.recording_sha256,
    commands: commandsOf(context, session.session_id),
    interruptions: interruptions.map((row) => ({ at: row.at, gapMs: row.gap_ms })),
  };
}

function attemptReview(context: WorkspaceContext, attempt: AttemptRow): AttemptReview {
  const queries = queriesOf(context, attempt.attempt_id);
  const entry = entryById(context, attempt.entry_id);
  if (entry === null || attempt.ended_at === null) throw new Error('An attempt without its entry or end.');
  if (attempt.reason === null || attempt.reason === 'connected') throw new Error('Not an aborted attempt.');
  return {
    attemptId: attempt.attempt_id,
    technician: { userId: entry.user_id, name: entry.name },
    via: attempt.via,
    openedAt: attempt.opened_at,
    endedAt: attempt.ended_at,
    dwellMs: attempt.ended_at - attempt.opened_at,
    machineId: attempt.machine_id,
    machineName: attempt.machine_id === null ? null : machineNameOf(context, attempt.machine_id),
    queries: queries.map((query) => ({
      query: query.text ?? '(erased)',
      at: query.at,
      resultCount: query.result_count,
    })),
    zeroResults: foundNothing(queries),
    reason: attempt.reason,
    orgSwitchedAt: attempt.switched_at,
  };
}

/** What a reviewer should look at first. */
function isException(session: SessionReview): boolean {
  const cleanEnd =
    session.endReason === null || session.endReason === 'exited' || session.endReason === 'closed';
  const cleanCommands = session.commands.every(
    (command) => command.trusted && (command.exitCode === 0 || command.exitCode === null),
  );
  return !cleanEnd || !cleanCommands || session.interruptions.length > 0;
}
