// Appends to the workspace's audit: head + 1, read and inserted in one synchronous step (an await in
// between would break the numbers under load), each exact public line a leaf of the workspace's tree.
import { auditEvents } from '#protocol/audit-events.ts';
import type { AuditActor, AuditDevice } from '#protocol/audit-envelope.ts';
import type { AuditEventName, AuditFields } from '#protocol/audit-events.ts';
import { ulid } from '#protocol/ids.ts';
import type { OrgId } from '#protocol/ids.ts';
import { putDue, putDueOnce } from '../storage/due.ts';
import { addLeaf, readHead, writeHead } from './tree-store.ts';
import type { StoredHead } from './tree-store.ts';

export interface AuditWriter {
  readonly sql: SqlStorage;
  readonly org: OrgId;
  readonly now: () => number;
  readonly random: (bytes: Uint8Array) => void;
  /** Table `due` says when the next checkpoint is due: the object's alarm has to ring for it. */
  readonly onUnsigned: () => void;
  /** Within `appendGroup`: the head, which is stored at its end. */
  readonly group?: { head: StoredHead };
}

export interface NewEvent<E extends AuditEventName> {
  readonly event: E;
  /** Idempotency: a second event with the same operation id is not appended. */
  readonly opId: string;
  readonly actor: AuditActor;
  readonly device: AuditDevice | null;
  readonly correlationId: string;
  readonly outcome?: 'ok' | 'refused';
  readonly fields: AuditFields<E>;
  /** Texts whose salted hashes the fields hold, each with the path to its hash: `queries.0.query_hash`. */
  readonly sealed?: readonly { readonly field: string; readonly sealedId: number }[];
}

/** Unsigned events get their checkpoint after this: half of what is promised, the rest is for a busy relay. */
export const CHECKPOINT_AFTER_MS = 5000;
/** The task in table `due`; it stands there exactly while events are unsigned. */
export const CHECKPOINT_DUE = 'checkpoint';

/**
 * Append one event. Call inside a transaction together with the change that it records.
 * @returns false when this operation was recorded before
 */
export function appendEvent<E extends AuditEventName>(writer: AuditWriter, entry: NewEvent<E>): boolean {
  const { sql, group } = writer;
  const head = group?.head ?? readHead(sql);
  const seq = head.size + 1;
  const at = writer.now();
  const id = `evt_${ulid(at, writer.random)}`;
  const line = JSON.stringify({
    id,
    v: 1,
    event: entry.event,
    code: auditEvents[entry.event].code,
    seq,
    at,
    org_id: writer.org,
    actor: entry.actor,
    device: entry.device,
    correlation_id: entry.correlationId,
    op_id: entry.opId,
    outcome: entry.outcome ?? 'ok',
    ...entry.fields,
  });
  // A row that the tree does not know was never recorded: it does not stand in the way of one that is. Both conflicts
  // in one plain insert: reading the table that is written to made SQLite keep a journal of every statement.
  const { rowsWritten } = sql.exec(
    `INSERT INTO audit (seq, event_id, op_id, event, at, line) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (op_id) DO NOTHING
     ON CONFLICT (seq) DO UPDATE SET
       event_id = excluded.event_id, op_id = excluded.op_id, event = excluded.event,
       at = excluded.at, line = excluded.line, leaf = NULL`,
    seq,
    id,
    entry.opId,
    entry.event,
    at,
    line,
  );
  if (rowsWritten === 0) return false;
  const grown = addLeaf(sql, head, line);
  if (group === undefined) writeHead(sql, head, grown);
  else group.head = grown;
  // What a session was is signed at once when it ends, everything else a little later.
  if (entry.event === 'session.ended') {
    putDue(sql, CHECKPOINT_DUE, at, CHECKPOINT_DUE, '');
    writer.onUnsigned();
  } else if (head.size === head.signedSize) {
    putDueOnce(sql, CHECKPOINT_DUE, at + CHECKPOINT_AFTER_MS, CHECKPOINT_DUE, '');
    writer.onUnsigned();
  }
  for (const { field, sealedId } of entry.sealed ?? []) {
    sql.exec('INSERT INTO audit_sealed (seq, field, sealed_id) VALUES (?, ?, ?)', seq, field, sealedId);
  }
  return true;
}

/**
 * A transaction of many events, with the head read and stored once. Everything in it appends by the writer that `run`
 * is given; an event that came by another way makes it throw, and takes all of it back.
 */
export function appendGroup<W extends AuditWriter & { readonly storage: DurableObjectStorage }, R>(
  writer: W,
  run: (grouped: W) => R,
): R {
  return writer.storage.transactionSync(() => {
    const before = readHead(writer.sql);
    const group = { head: before };
    const result = run({ ...writer, group });
    if (group.head !== before) writeHead(writer.sql, before, group.head);
    return result;
  });
}

/** Public lines after `afterSeq`, oldest first: exactly what an export to the client would hold. */
export function listLines(
  sql: SqlStorage,
  afterSeq: number,
  limit: number,
): { lines: string[]; headSeq: number } {
  const rows = sql
    .exec<{ line: string }>(
      'SELECT line FROM audit WHERE seq > ? AND leaf IS NULL ORDER BY seq LIMIT ?',
      afterSeq,
      limit,
    )
    .toArray();
  const [head] = sql.exec<{ seq: number | null }>('SELECT MAX(seq) AS seq FROM audit').toArray();
  return { lines: rows.map((row) => row.line), headSeq: head?.seq ?? 0 };
}
