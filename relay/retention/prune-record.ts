// What the organization's policy does not keep is removed: lines of the record, sealed texts, what the review showed, and
// recordings. Of each line the hash stays, so every proof from before still holds, and the record says what was removed.
import { z } from 'zod';
import { toBase64 } from '#protocol/evidence/base64.ts';
import { MachineId, SessionId, ulid } from '#protocol/ids.ts';
import { RECORD_DAYS_MAX } from '#protocol/policy.ts';
import { appendEvent } from '../audit/append-event.ts';
import { leafOf, readHead, rootAt } from '../audit/tree-store.ts';
import { terminalOf } from '../auth/routing.ts';
import { putDue } from '../storage/due.ts';
import { storedStream } from '../stream/stream-row.ts';
import type { WorkspaceContext } from '../workspace/context.ts';
import { currentPolicy } from '../workspace/policy.ts';
import { PRUNE_DUE, prunedUpTo } from './pruned.ts';

/** The task in table `due` that removes one recording. */
export const ERASE_DUE = 'recording.erase';

const DAY_MS = 24 * 3600_000;
/** Lines of one run: others in the workspace do not wait longer for it. */
const RUN_EVENTS = 5000;
const RUN_SESSIONS = 500;

export function pruneRecord(context: WorkspaceContext): void {
  const { recordDays } = currentPolicy(context);
  if (recordDays >= RECORD_DAYS_MAX) return;
  const { sql, storage, now } = context;
  const before = now() - recordDays * DAY_MS;
  const isDone = storage.transactionSync(() => {
    const from = prunedUpTo(sql);
    const upTo = Math.min(lastBefore(context, before), from + RUN_EVENTS);
    // Before the first line may go, nothing does: the record could not say so.
    if (upTo === 0) return true;
    const sessions = removeSessions(context, before);
    removeReviewed(sql, before);
    if (upTo > from || sessions > 0) removeLines(context, from, upTo, before, sessions);
    return upTo < from + RUN_EVENTS && sessions < RUN_SESSIONS;
  });
  putDue(sql, PRUNE_DUE, now() + (isDone ? DAY_MS : 0), PRUNE_DUE, '');
}

/** Outbox: the session's own object removes its recording. */
export async function eraseRecording(context: WorkspaceContext, arg: string): Promise<void> {
  const { machineId, sessionId } = EraseArg.parse(JSON.parse(arg));
  await terminalOf(context.env, context.org, machineId, sessionId).eraseRecording(context.org);
}

const EraseArg = z.object({ machineId: MachineId, sessionId: SessionId });

/** The last event of those from before, one after the other, that are signed and, where they are streamed, were taken. */
function lastBefore({ sql }: WorkspaceContext, before: number): number {
  const { seq } = sql
    .exec<{ seq: number | null }>('SELECT MIN(seq) AS seq FROM audit WHERE leaf IS NULL AND at >= ?', before)
    .one();
  const { size, signedSize } = readHead(sql);
  const taken = storedStream(sql)?.sent_seq ?? size;
  return Math.min(seq === null ? size : seq - 1, signedSize, taken);
}

function removeLines(
  context: WorkspaceContext,
  from: number,
  upTo: number,
  before: number,
  sessions: number,
): void {
  const { sql, now, random } = context;
  const rows = sql
    .exec<{ seq: number; line: string }>('SELECT seq, line FROM audit WHERE seq > ? AND seq <= ?', from, upTo)
    .toArray();
  for (const { seq, line } of rows) {
    // Its operation cannot come again; its id may say what it was about.
    sql.exec(
      "UPDATE audit SET line = '', leaf = ?, event = '', event_id = '', op_id = ? WHERE seq = ?",
      leafOf(line),
      `pruned:${seq}`,
      seq,
    );
  }
  const sealed = sql.exec(
    `DELETE FROM sealed WHERE sealed_id IN (SELECT sealed_id FROM audit_sealed WHERE seq <= ?1)
     AND sealed_id NOT IN (SELECT sealed_id FROM audit_sealed WHERE seq > ?1)`,
    upTo,
  ).rowsWritten;
  sql.exec('DELETE FROM audit_sealed WHERE seq <= ?', upTo);
  sql.exec(
    'INSERT INTO record_pruned (only, up_to_seq) VALUES (1, ?1) ON CONFLICT (only) DO UPDATE SET up_to_seq = ?1',
    upTo,
  );
  const opId = `pruned:${ulid(now(), random)}`;
  appendEvent(context, {
    event: 'record.pruned',
    opId,
    actor: { system: 'relay' },
    device: null,
    correlationId: opId,
    fields: {
      before,
      up_to_seq: upTo,
      root: toBase64(rootAt(sql, upTo)),
      events: rows.length,
      sealed,
      sessions,
    },
  });
}

/** @returns how many */
function removeSessions({ sql, now }: WorkspaceContext, before: number): number {
  const ended = sql
    .exec<{ session_id: string; machine_id: string }>(
      "SELECT session_id, machine_id FROM sessions WHERE state = 'ended' AND ended_at < ? LIMIT ?",
      before,
      RUN_SESSIONS,
    )
    .toArray();
  for (const { session_id: sessionId, machine_id: machineId } of ended) {
    for (const table of ['commands', 'interruptions', 'runbook_steps_expected', 'watches', 'sessions']) {
      sql.exec(`DELETE FROM ${table} WHERE session_id = ?`, sessionId);
    }
    putDue(sql, `erase:${sessionId}`, now(), ERASE_DUE, JSON.stringify({ machineId, sessionId }));
  }
  return ended.length;
}

/** What reviews and searches showed beside sessions, and the stays that nothing refers to any more. */
function removeReviewed(sql: SqlStorage, before: number): void {
  const attempts = 'SELECT attempt_id FROM attempts WHERE ended_at < ?';
  sql.exec(`DELETE FROM attempt_queries WHERE attempt_id IN (${attempts})`, before);
  sql.exec('DELETE FROM attempts WHERE ended_at < ?', before);
  sql.exec('DELETE FROM review_notes WHERE at < ?', before);
  sql.exec('DELETE FROM blocked_pastes WHERE at < ?', before);
  sql.exec('DELETE FROM key_sightings WHERE at < ?', before);
  sql.exec(
    `DELETE FROM entries WHERE ended_at < ? AND entry_id NOT IN (SELECT entry_id FROM sessions)
     AND entry_id NOT IN (SELECT entry_id FROM attempts) AND entry_id NOT IN (SELECT entry_id FROM blocked_pastes)`,
    before,
  );
}
