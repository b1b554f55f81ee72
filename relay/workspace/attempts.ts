// Attempts: a link or a first settled search, until a session is connected or the technician gives up.
// The near-miss is told here: what was looked for (sealed), that nothing was found, when they switched.
import { z } from 'zod';
import { AlertId, AttemptId, EntryId, MachineId, SessionId, ulid } from '#protocol/ids.ts';
import { AttemptReason } from '#protocol/records.ts';
import { sealText } from '../audit/seal-text.ts';
import type { WorkspaceContext } from './context.ts';
import type { EntryRow } from './entry-row.ts';
import { recordByPerson } from './record-event.ts';
import type { StoredSession } from './session-rows.ts';
import { watchEntry } from './watch-entry.ts';

const AttemptRow = z.object({
  attempt_id: AttemptId,
  entry_id: EntryId,
  via: z.enum(['link', 'search']),
  alert_id: AlertId.nullable(),
  machine_id: MachineId.nullable(),
  opened_at: z.number(),
  trouble: z.enum(['unreachable', 'denied']).nullable(),
  ended_at: z.number().nullable(),
  reason: AttemptReason.or(z.literal('connected')).nullable(),
  switched_at: z.number().nullable(),
  /** The one that ended it. */
  session_id: SessionId.nullable(),
});
export type AttemptRow = z.infer<typeof AttemptRow>;

const AttemptQueryRow = z.object({
  at: z.number(),
  query_hash: z.string(),
  result_count: z.number(),
  sealed_id: z.number(),
  text: z.string().nullable(),
});
export type AttemptQueryRow = z.infer<typeof AttemptQueryRow>;

export function openAttemptOf(context: WorkspaceContext, entryId: EntryId): AttemptRow | null {
  const [row] = context.sql
    .exec('SELECT * FROM attempts WHERE entry_id = ? AND ended_at IS NULL', entryId)
    .toArray();
  return row === undefined ? null : AttemptRow.parse(row);
}

export function abortedAttempts(context: WorkspaceContext, fromMs: number, toMs: number): AttemptRow[] {
  return context.sql
    .exec(
      `SELECT * FROM attempts WHERE ended_at IS NOT NULL AND reason <> 'connected' AND opened_at <= ? AND ended_at >= ?
       ORDER BY opened_at`,
      toMs,
      fromMs,
    )
    .toArray()
    .map((row) => AttemptRow.parse(row));
}

/** Settled queries of an attempt in order; `text` is null once it was erased. */
export function queriesOf(context: WorkspaceContext, attemptId: AttemptId): AttemptQueryRow[] {
  return context.sql
    .exec(
      `SELECT q.at, q.query_hash, q.result_count, q.sealed_id, s.text FROM attempt_queries q
       LEFT JOIN sealed s ON s.sealed_id = q.sealed_id WHERE q.attempt_id = ? ORDER BY q.ordinal`,
      attemptId,
    )
    .toArray()
    .map((row) => AttemptQueryRow.parse(row));
}

/** Nothing was found, however often it was looked for. */
export function foundNothing(queries: readonly AttemptQueryRow[]): boolean {
  return queries.length > 0 && queries.every((query) => query.result_count === 0);
}

/** Open an attempt by link; one that is open for another machine was given up. Call inside a transaction. */
export function openByLink(
  context: WorkspaceContext,
  entry: EntryRow,
  alertId: z.infer<typeof AlertId> | null,
  machineId: MachineId | null,
): void {
  const open = openAttemptOf(context, entry.entry_id);
  if (open !== null && open.via === 'link' && open.machine_id === machineId && machineId !== null) return;
  if (open !== null) abortAttempt(context, entry, open, 'dismissed', null);
  openAttempt(context, entry, 'link', alertId, machineId, context.now());
}

/** Record a settled query in the entry's attempt, opening one when none is open. */
export function recordQuery(
  context: WorkspaceContext,
  entry: EntryRow,
  search: {
    readonly query: string;
    readonly resultCount: number;
    readonly tookMs: number;
    readonly startedAt: number;
  },
): void {
  context.storage.transactionSync(() => {
    const attempt =
      openAttemptOf(context, entry.entry_id) ??
      openAttempt(context, entry, 'search', null, null, search.startedAt);
    const known = queriesOf(context, attempt.attempt_id);
    const last = known.at(-1);
    // Typing, a pause and then Enter is one query.
    if (last?.text === search.query && last.result_count === search.resultCount) return;
    const { sealedId, hash } = sealText(context.sql, context.random, search.query);
    context.sql.exec(
      `INSERT INTO attempt_queries (attempt_id, ordinal, at, query_hash, result_count, sealed_id) VALUES (?, ?, ?, ?, ?, ?)`,
      attempt.attempt_id,
      known.length,
      context.now(),
      hash,
      search.resultCount,
      sealedId,
    );
    recordByPerson(
      context,
      entry,
      'machine.searched',
      `${attempt.attempt_id}:query:${known.length}`,
      { query_hash: hash, result_count: search.resultCount, took_ms: search.tookMs },
      { sealed: [{ field: 'query_hash', sealedId }] },
    );
  });
}

/** Close an attempt without a session. Call inside a transaction. */
export function abortAttempt(
  context: WorkspaceContext,
  entry: EntryRow,
  attempt: AttemptRow,
  reason: AttemptReason,
  switchedAt: number | null,
): void {
  const now = context.now();
  // An attempt that met a machine that did not answer says so, unless the person switched away: then
  // that is what it was, and a near-miss never looks like a failed connection.
  const told = reason === 'switched' ? reason : (attempt.trouble ?? reason);
  context.sql.exec(
    'UPDATE attempts SET ended_at = ?, reason = ?, switched_at = ? WHERE attempt_id = ?',
    now,
    told,
    switchedAt,
    attempt.attempt_id,
  );
  const queries = queriesOf(context, attempt.attempt_id);
  recordByPerson(
    context,
    entry,
    'session_attempt.aborted',
    `${attempt.attempt_id}:aborted`,
    {
      attempt_id: attempt.attempt_id,
      via: attempt.via,
      queries: queries.map((query) => ({
        query_hash: query.query_hash,
        at: query.at,
        result_count: query.result_count,
      })),
      zero_results: foundNothing(queries),
      machine_id: attempt.machine_id,
      reason: told,
      dwell_ms: now - attempt.opened_at,
      org_switched_at: switchedAt,
    },
    {
      sealed: queries.map((query, index) => ({
        field: `queries.${index}.query_hash`,
        sealedId: query.sealed_id,
      })),
    },
  );
}

/** What went wrong last with the open attempt; null: a session is on its way. */
export function noteTrouble(
  context: WorkspaceContext,
  entryId: EntryId,
  trouble: AttemptRow['trouble'],
): void {
  context.sql.exec(
    'UPDATE attempts SET trouble = ? WHERE entry_id = ? AND ended_at IS NULL',
    trouble,
    entryId,
  );
}

/** A session's shell will not start. */
export function noteFailedSession(context: WorkspaceContext, session: StoredSession): void {
  if (attemptBefore(context, session) !== null) noteTrouble(context, session.entry_id, 'unreachable');
}

/** A machine's shell has started: the attempt that led to it is over. Call inside a transaction. */
export function connectAttempt(context: WorkspaceContext, entry: EntryRow, session: StoredSession): void {
  const attempt = attemptBefore(context, session);
  if (attempt === null) return;
  context.sql.exec(
    "UPDATE attempts SET ended_at = ?, reason = 'connected', session_id = ? WHERE attempt_id = ?",
    context.now(),
    session.session_id,
    attempt.attempt_id,
  );
  recordByPerson(context, entry, 'session_attempt.connected', `${attempt.attempt_id}:connected`, {
    attempt_id: attempt.attempt_id,
    session_id: session.session_id,
  });
}

/** The open attempt in which the session was opened: several may be on their way, and any of them may fail. */
function attemptBefore(context: WorkspaceContext, session: StoredSession): AttemptRow | null {
  const attempt = openAttemptOf(context, session.entry_id);
  return attempt !== null && attempt.opened_at <= session.created_at ? attempt : null;
}

function openAttempt(
  context: WorkspaceContext,
  entry: EntryRow,
  via: 'link' | 'search',
  alertId: z.infer<typeof AlertId> | null,
  machineId: MachineId | null,
  openedAt: number,
): AttemptRow {
  const attemptId = `att_${ulid(openedAt, context.random)}`;
  context.sql.exec(
    'INSERT INTO attempts (attempt_id, entry_id, via, alert_id, machine_id, opened_at) VALUES (?, ?, ?, ?, ?, ?)',
    attemptId,
    entry.entry_id,
    via,
    alertId,
    machineId,
    openedAt,
  );
  const attempt = openAttemptOf(context, entry.entry_id);
  if (attempt === null) throw new Error('The attempt was not stored.');
  watchEntry(context, entry);
  return attempt;
}
