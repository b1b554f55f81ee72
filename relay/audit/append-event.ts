// Appends to the workspace's audit: head + 1, read and inserted in one synchronous step (an await in
// between would break the chain), each row's hash chained over the one before and its exact public line.
import { createHash } from 'node:crypto';
import { auditEvents } from '#protocol/audit-events.ts';
import type { AuditActor, AuditDevice, AuditEventName, AuditFields } from '#protocol/audit-events.ts';
import { ulid } from '#protocol/ids.ts';
import type { OrgId } from '#protocol/ids.ts';

export interface AuditWriter {
  readonly sql: SqlStorage;
  readonly org: OrgId;
  readonly now: () => number;
  readonly random: (bytes: Uint8Array) => void;
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
  /** Texts whose hashes the fields hold, by the field's name. */
  readonly sealed?: readonly { readonly field: string; readonly sealedId: number }[];
}

/** SHA-256 that the first row chains over. */
const CHAIN_START = '0'.repeat(64);

/**
 * Append one event. Call inside a transaction together with the change that it records.
 * @returns false when this operation was recorded before
 */
export function appendEvent<E extends AuditEventName>(writer: AuditWriter, entry: NewEvent<E>): boolean {
  const { sql } = writer;
  if (sql.exec('SELECT 1 FROM audit WHERE op_id = ?', entry.opId).toArray().length > 0) return false;
  const [head] = sql
    .exec<{ seq: number; hash: string }>('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1')
    .toArray();
  const seq = (head?.seq ?? 0) + 1;
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
  const hash = chainHash(head?.hash ?? CHAIN_START, line);
  sql.exec(
    'INSERT INTO audit (seq, event_id, op_id, event, at, line, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
    seq,
    id,
    entry.opId,
    entry.event,
    at,
    line,
    hash,
  );
  for (const { field, sealedId } of entry.sealed ?? []) {
    sql.exec('INSERT INTO audit_sealed (seq, field, sealed_id) VALUES (?, ?, ?)', seq, field, sealedId);
  }
  return true;
}

/** @param previousHash hex of the row before, 64 zeros for the first */
export function chainHash(previousHash: string, line: string): string {
  return createHash('sha256').update(`${previousHash}\n${line}`).digest('hex');
}

/** Public lines after `afterSeq`, oldest first: exactly what an export to the client would hold. */
export function listLines(
  sql: SqlStorage,
  afterSeq: number,
  limit: number,
): { lines: string[]; headSeq: number } {
  const rows = sql
    .exec<{ line: string }>('SELECT line FROM audit WHERE seq > ? ORDER BY seq LIMIT ?', afterSeq, limit)
    .toArray();
  const [head] = sql.exec<{ seq: number | null }>('SELECT MAX(seq) AS seq FROM audit').toArray();
  return { lines: rows.map((row) => row.line), headSeq: head?.seq ?? 0 };
}
