// The morning review: every session and every aborted attempt of a time range, and the reviewer's
// time on it, measured here between opening and completing.
import type { VerbParams, VerbResult } from '#protocol/control/verbs.ts';
import { refuse } from '#protocol/errors.ts';
import type {
  AttemptReview,
  BlockedPaste,
  CommandRecord,
  PasteReview,
  SessionReview,
} from '#protocol/records.ts';
import { abortedAttempts, foundNothing, queriesOf } from './attempts.ts';
import type { AttemptRow } from './attempts.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import { entryById } from './entry-row.ts';
import type { EntryRow } from './entry-row.ts';
import { keyAlertsBetween } from './key-alert-review.ts';
import { machineNameOf } from './machines.ts';
import { recordByPerson } from './record-event.ts';
import { notesOn } from './review-notes.ts';
import { exceptionsOf, longestIdleMs } from './session-exceptions.ts';
import { outcomesOf } from './command-outcomes.ts';
import { commandsFrom } from './session-commands.ts';
import { storedSession, StoredSession, toSessionRow } from './session-rows.ts';
import { EntryId, ulid } from '#protocol/ids.ts';

/** Characters of commands in one answer: some 6,000 of them, and two seconds on a line of 10 Mbit/s. */
const COMMANDS_MAX_CHARACTERS = 2 * 1024 * 1024;

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
  return { ok: true, result: { ...reviewed(context, fromMs, toMs, COMMANDS_MAX_CHARACTERS), openedAt } };
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
    const { sessions, attempts, keyAlerts, pastes } = reviewed(context, fromMs, toMs, 0);
    const odd = sessions.filter((session) => session.exceptions.length > 0);
    const exceptions = attempts.length + keyAlerts.length + pastes.length + odd.length;
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

type Reviewed = Omit<VerbResult<'review.open'>, 'openedAt'>;

function reviewed(context: WorkspaceContext, fromMs: number, toMs: number, maxCharacters: number): Reviewed {
  let left = maxCharacters;
  const unfinished: Reviewed['unfinished'] = [];
  const sessions = context.sql
    .exec(
      `SELECT * FROM sessions WHERE started_at IS NOT NULL AND started_at <= ? AND (ended_at IS NULL OR ended_at >= ?)
       ORDER BY started_at`,
      toMs,
      fromMs,
    )
    .toArray()
    .map((row) => {
      const stored = StoredSession.parse(row);
      const { commands, characters, next } = commandsFrom(context, stored.session_id, 0, left);
      left -= characters;
      if (next !== null) unfinished.push({ sessionId: stored.session_id, commandsFrom: next });
      return judgedSession(context, stored, commands);
    });
  const attempts = abortedAttempts(context, fromMs, toMs).map((attempt) => attemptReview(context, attempt));
  const keyAlerts = keyAlertsBetween(context, fromMs, toMs);
  const pastes = pastesOutsideSessions(context, fromMs, toMs);
  const ids = [
    ...sessions.map(({ sessionId }) => sessionId),
    ...attempts.map(({ attemptId }) => attemptId),
    ...keyAlerts.map(({ machineId }) => machineId),
    ...pastes.map(({ entryId }) => entryId),
  ];
  return { sessions, unfinished, attempts, keyAlerts, pastes, notes: notesOn(context, ids) };
}

export function reviewSession(
  context: WorkspaceContext,
  { sessionId, commandsFrom: from = 0 }: VerbParams<'session.review'>,
): Outcome<'session.review'> {
  const stored = storedSession(context, sessionId);
  if (stored === null) return refuse('not_found');
  const { commands, next } = commandsFrom(context, sessionId, from, COMMANDS_MAX_CHARACTERS);
  return { ok: true, result: { ...judgedSession(context, stored, commands), commandsNext: next } };
}

function judgedSession(
  context: WorkspaceContext,
  stored: StoredSession,
  commands: CommandRecord[],
): SessionReview {
  const { session_id: sessionId } = stored;
  const interruptions = context.sql
    .exec<{ at: number; gapMs: number }>(
      'SELECT at, gap_ms AS gapMs FROM interruptions WHERE session_id = ? ORDER BY at',
      sessionId,
    )
    .toArray();
  const blockedPastes = context.sql
    .exec<BlockedPaste & Record<string, SqlStorageValue>>(
      'SELECT at, provenance FROM blocked_pastes WHERE session_id = ? ORDER BY at',
      sessionId,
    )
    .toArray();
  const session = {
    ...toSessionRow(stored),
    endReason: stored.end_reason,
    exitCode: stored.exit_code,
    bytesIn: stored.bytes_in,
    bytesOut: stored.bytes_out,
    recordingSha256: stored.recording_sha256,
    commands: outcomesOf(context, sessionId),
    interruptions,
    redactions: stored.redactions,
    blockedPastes,
  };
  const idleMs = longestIdleMs(session, context.now());
  return { ...session, commands, idleMs, exceptions: exceptionsOf(session, idleMs) };
}

/** One row a stay, oldest first. */
function pastesOutsideSessions(context: WorkspaceContext, fromMs: number, toMs: number): PasteReview[] {
  const rows = context.sql
    .exec<BlockedPaste & { entry_id: string } & Record<string, SqlStorageValue>>(
      'SELECT at, provenance, entry_id FROM blocked_pastes WHERE session_id IS NULL AND at BETWEEN ? AND ? ORDER BY at',
      fromMs,
      toMs,
    )
    .toArray();
  return [...Map.groupBy(rows, ({ entry_id }) => entry_id)].map(([id, pastes]) => {
    const entryId = EntryId.parse(id);
    const entry = entryById(context, entryId);
    if (entry === null) throw new Error('A paste without its entry.');
    return {
      entryId,
      technician: { userId: entry.user_id, name: entry.name },
      pastes: pastes.map(({ at, provenance }) => ({ at, provenance })),
    };
  });
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
