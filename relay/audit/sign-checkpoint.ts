// Checkpoints: the tree head, signed. Each one begins by recording the one before it, so that the record
// itself names every checkpoint but the newest, and an audit at rest is signed to its last line: signing
// adds nothing that would have to be signed in turn.
import { checkpointText, originOf, signedNote } from '#protocol/evidence/checkpoint.ts';
import { toBase64 } from '#protocol/evidence/base64.ts';
import { rootOf } from '#protocol/evidence/merkle-tree.ts';
import { dropDue, putDue } from '../storage/due.ts';
import { noteSigned } from '../stream/stream-row.ts';
import { appendEvent, CHECKPOINT_AFTER_MS, CHECKPOINT_DUE } from './append-event.ts';
import type { AuditSigner } from './audit-signer.ts';
import { sha256 } from './sha256.ts';
import { signNote } from './signing-keys.ts';
import { readHead } from './tree-store.ts';

export interface StoredCheckpoint {
  readonly size: number;
  /** Base64. */
  readonly root: string;
  readonly signedAt: number;
  readonly note: string;
}

/** Sign what is not signed yet. @returns the newest checkpoint, null for an empty audit */
export async function signCheckpoint(signer: AuditSigner): Promise<StoredCheckpoint | null> {
  const { sql, storage, now } = signer;
  const head = storage.transactionSync(() => {
    const { size, signedSize } = readHead(sql);
    if (size === signedSize) return null;
    recordPrevious(signer);
    return readHead(sql);
  });
  if (head === null) {
    dropDue(sql, CHECKPOINT_DUE);
    return newestCheckpoint(sql);
  }
  const { size } = head;
  const root = rootOf(sha256, head.frontier);
  const signedAt = now();
  const text = checkpointText({ origin: originOf(signer.org), size, root, signedAt });
  const note = signedNote(text, await signNote(signer, text));
  storage.transactionSync(() => {
    sql.exec(
      'INSERT OR IGNORE INTO checkpoints (size, root, signed_at, note) VALUES (?, ?, ?, ?)',
      size,
      toBase64(root),
      signedAt,
      note,
    );
    sql.exec('UPDATE audit_head SET signed_size = MAX(signed_size, ?)', size);
    noteSigned(sql, now());
    if (readHead(sql).size === size) dropDue(sql, CHECKPOINT_DUE);
    else putDue(sql, CHECKPOINT_DUE, now() + CHECKPOINT_AFTER_MS, CHECKPOINT_DUE, '');
  });
  return newestCheckpoint(sql);
}

export function newestCheckpoint(sql: SqlStorage): StoredCheckpoint | null {
  return checkpointsOf(sql, 'ORDER BY size DESC LIMIT 1')[0] ?? null;
}

/** Checkpoints over `from`…`upTo` events that the lines up to `lastSeq` name. */
export function namedCheckpoints(
  sql: SqlStorage,
  from: number,
  upTo: number,
  lastSeq: number,
): StoredCheckpoint[] {
  const named = "(SELECT seq FROM audit WHERE op_id = 'checkpoint:' || size) <= ?";
  return checkpointsOf(sql, `WHERE size BETWEEN ? AND ? AND ${named} ORDER BY size`, from, upTo, lastSeq);
}

export function checkpointOver(sql: SqlStorage, size: number): StoredCheckpoint | null {
  return checkpointsOf(sql, 'WHERE size = ?', size)[0] ?? null;
}

function checkpointsOf(sql: SqlStorage, where: string, ...bindings: number[]): StoredCheckpoint[] {
  return sql
    .exec<{ size: number; root: string; signed_at: number; note: string }>(
      `SELECT size, root, signed_at, note FROM checkpoints ${where}`,
      ...bindings,
    )
    .toArray()
    .map(({ size, root, signed_at: signedAt, note }) => ({ size, root, signedAt, note }));
}

function recordPrevious(signer: AuditSigner): void {
  const previous = newestCheckpoint(signer.sql);
  if (previous === null) return;
  // namedCheckpoints finds the line by this.
  const id = `checkpoint:${previous.size}`;
  appendEvent(signer, {
    event: 'checkpoint.signed',
    opId: id,
    actor: { system: 'relay' },
    device: null,
    correlationId: id,
    fields: { tree_size: previous.size, root: previous.root, signed_at: previous.signedAt },
  });
}
