// Evidence for reviewers, and the checkpoint for whoever comes back. Who exports what is recorded first,
// signed, and so is in the file itself when the range reaches that far.
import type { VerbParams, VerbResult } from '#protocol/control/verbs.ts';
import { refuse } from '#protocol/errors.ts';
import { ulid } from '#protocol/ids.ts';
import { EvidenceExport, firstLines, nextLines } from '../audit/evidence-pages.ts';
import { readHead } from '../audit/tree-store.ts';
import { signCheckpoint } from '../audit/sign-checkpoint.ts';
import { knownKeys } from '../audit/signing-keys.ts';
import type { KnownKey } from '../audit/signing-keys.ts';
import { prunedUpTo } from '../retention/pruned.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import type { EntryRow } from './entry-row.ts';
import { recordByPerson } from './record-event.ts';

/** An export may be read for this long after it began. */
const EXPORT_LIFETIME_MS = 24 * 3600_000;

/** `not_found` when the range begins beyond the record. */
export async function openEvidence(
  context: WorkspaceContext,
  entry: EntryRow,
  {
    edition,
    fromSeq: firstSeq,
    toSeq,
    lastSeenSize,
    form = 'evidence',
    fromMs = 0,
  }: VerbParams<'evidence.open'>,
): Promise<Outcome<'evidence.open'>> {
  const exportId = ulid(context.now(), context.random);
  // What was removed cannot be shown; the record says that it was.
  const fromSeq = Math.max(firstSeq, seqSince(context, fromMs), prunedUpTo(context.sql) + 1);
  context.storage.transactionSync(() =>
    recordByPerson(context, entry, 'evidence.exported', `evidence:${exportId}`, {
      viewer: entry.user_id,
      edition,
      form,
      from_seq: fromSeq,
      to_seq: toSeq,
    }),
  );
  const covering = await signCheckpoint(context);
  const keys = await knownKeys(context);
  if (covering === null || fromSeq > covering.size) return refuse('not_found');
  const range: EvidenceExport = {
    org: context.org,
    edition,
    fromSeq,
    toSeq: Math.min(toSeq ?? covering.size, covering.size),
    treeSize: covering.size,
    lastSeenSize: null,
  };
  if (range.toSeq < fromSeq) return refuse('message_invalid', 'toSeq');
  const exported = { ...range, lastSeenSize: needsProof(range, lastSeenSize) ? lastSeenSize : null };
  context.sql.exec('DELETE FROM evidence_exports WHERE opened_at < ?', context.now() - EXPORT_LIFETIME_MS);
  context.sql.exec(
    `INSERT INTO evidence_exports (export_id, user_id, edition, from_seq, to_seq, tree_size, last_seen_size, opened_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    exportId,
    entry.user_id,
    edition,
    fromSeq,
    exported.toSeq,
    exported.treeSize,
    exported.lastSeenSize,
    context.now(),
  );
  const { toSeq: upTo, treeSize } = exported;
  return {
    ok: true,
    result: { exportId, fromSeq, toSeq: upTo, treeSize, lines: firstLines(context.sql, exported, keys) },
  };
}

/** `not_found` for an export that this person did not open, or that is older than a day. */
export function readEvidence(
  context: WorkspaceContext,
  entry: EntryRow,
  { exportId, afterSeq }: VerbParams<'evidence.read'>,
): Outcome<'evidence.read'> {
  const [row] = context.sql
    .exec(
      `SELECT edition, from_seq AS fromSeq, to_seq AS toSeq, tree_size AS treeSize, last_seen_size AS lastSeenSize
       FROM evidence_exports WHERE export_id = ? AND user_id = ? AND opened_at >= ?`,
      exportId,
      entry.user_id,
      context.now() - EXPORT_LIFETIME_MS,
    )
    .toArray();
  if (row === undefined) return refuse('not_found');
  return {
    ok: true,
    result: nextLines(context.sql, EvidenceExport.parse({ ...row, org: context.org }), afterSeq),
  };
}

/** The first event from then on; the one to come where there is none. */
function seqSince({ sql }: WorkspaceContext, fromMs: number): number {
  if (fromMs === 0) return 1;
  const { seq } = sql
    .exec<{ seq: number | null }>('SELECT MIN(seq) AS seq FROM audit WHERE at >= ?', fromMs)
    .one();
  return seq ?? readHead(sql).size + 1;
}

/** Within the range the file's own lines lead from one tree to the other. */
function needsProof({ fromSeq, toSeq, treeSize }: EvidenceExport, lastSeenSize: number | null): boolean {
  if (lastSeenSize === null || lastSeenSize >= treeSize) return false;
  return lastSeenSize < fromSeq - 1 || lastSeenSize > toSeq;
}

export function shownKeys(keys: readonly KnownKey[]): VerbResult<'audit.key'>['keys'] {
  return keys.map(({ number, verifierKey, since }) => ({ number, verifierKey, since }));
}
