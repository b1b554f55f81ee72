// An evidence file in pages: what is exported is fixed when the export begins (a range under one
// checkpoint), so a page depends on nothing but where the last one ended. Format: docs/evidence.md.
import { z } from 'zod';
import { toBase64 } from '#protocol/evidence/base64.ts';
import { originOf } from '#protocol/evidence/checkpoint.ts';
import { EvidenceEdition } from '#protocol/evidence/evidence-file.ts';
import type { EvidenceLine } from '#protocol/evidence/evidence-file.ts';
import { consistencyPath, perfectRanges } from '#protocol/evidence/merkle-tree.ts';
import type { LeafRange } from '#protocol/evidence/merkle-tree.ts';
import { OrgId } from '#protocol/ids.ts';
import { checkpointOver, namedCheckpoints } from './sign-checkpoint.ts';
import type { StoredCheckpoint } from './sign-checkpoint.ts';
import type { KnownKey } from './signing-keys.ts';
import { subtreeRoot } from './tree-store.ts';

const PAGE_EVENTS = 500;
const PAGE_LENGTH = 256 * 1024;

export const EvidenceExport = z.object({
  org: OrgId,
  edition: EvidenceEdition,
  fromSeq: z.number(),
  toSeq: z.number(),
  /** Events under the checkpoint that covers all of it. */
  treeSize: z.number(),
  /** Events of a checkpoint kept elsewhere, to which a proof is added. */
  lastSeenSize: z.number().nullable(),
});
export type EvidenceExport = z.infer<typeof EvidenceExport>;

/** @param keys every key that ever signed here; the file names those whose signatures it holds */
export function firstLines(sql: SqlStorage, exported: EvidenceExport, keys: readonly KnownKey[]): string[] {
  const { org, edition, fromSeq, toSeq, treeSize } = exported;
  const checkpoints = checkpointsIn(sql, exported, fromSeq, treeSize);
  return [
    textOf({
      type: 'header',
      format: 'caisey-evidence',
      v: 1,
      edition,
      org_id: org,
      origin: originOf(org),
      from_seq: fromSeq,
      to_seq: toSeq,
      tree_size: treeSize,
      keys: keys.filter((key) => hasSigned(checkpoints, exported, key)).map(({ verifierKey }) => verifierKey),
    }),
    textOf({ type: 'left', hashes: hashesOf(sql, perfectRanges({ from: 0, to: fromSeq - 1 })) }),
  ];
}

/** The lines after event `afterSeq`; a null `nextAfterSeq` means that the file is complete. */
export function nextLines(
  sql: SqlStorage,
  exported: EvidenceExport,
  afterSeq: number,
): { lines: string[]; nextAfterSeq: number | null } {
  const lines: string[] = [];
  let lastSeq = Math.max(afterSeq, exported.fromSeq - 1);
  let length = 0;
  const rows = sql
    .exec<{ seq: number; line: string }>(
      'SELECT seq, line FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?',
      lastSeq,
      exported.toSeq,
      PAGE_EVENTS,
    )
    .toArray();
  const end = rows.at(-1)?.seq ?? lastSeq;
  const sealed =
    exported.edition === 'reviewer' ? sealedLines(sql, lastSeq, end) : new Map<number, string[]>();
  const checkpoints = checkpointsIn(sql, exported, lastSeq + 1, end);
  const notes = new Map(checkpoints.map(({ size, note }) => [size, note]));
  for (const { seq, line } of rows) {
    if (length > PAGE_LENGTH) break;
    const note = notes.get(seq);
    const more = [line, ...(sealed.get(seq) ?? [])];
    if (note !== undefined) more.push(textOf({ type: 'checkpoint', note }));
    lines.push(...more);
    for (const text of more) length += text.length;
    lastSeq = seq;
  }
  if (lastSeq < end) return { lines, nextAfterSeq: lastSeq };
  if (rows.length === PAGE_EVENTS && lastSeq < exported.toSeq) return { lines, nextAfterSeq: lastSeq };
  return { lines: [...lines, ...lastLines(sql, exported)], nextAfterSeq: null };
}

function hasSigned(
  checkpoints: readonly StoredCheckpoint[],
  { org }: EvidenceExport,
  { keyHash }: KnownKey,
): boolean {
  // A signature line's base64 begins with the key's hash; five characters are of those four bytes alone.
  const begin = `\u2014 ${originOf(org)} ${toBase64(keyHash).slice(0, 5)}`;
  return checkpoints.some(({ note }) => note.includes(begin));
}

/** Those over `from`…`upTo` events that are in the file: the ones that its lines name, and the one that covers it. */
function checkpointsIn(
  sql: SqlStorage,
  exported: EvidenceExport,
  from: number,
  upTo: number,
): StoredCheckpoint[] {
  const { toSeq, treeSize } = exported;
  const named = namedCheckpoints(sql, from, Math.min(upTo, toSeq), toSeq);
  const covering = treeSize >= from && treeSize <= upTo ? checkpointOver(sql, treeSize) : null;
  return covering === null ? named : [...named, covering];
}

function lastLines(sql: SqlStorage, exported: EvidenceExport): string[] {
  const { fromSeq, toSeq, treeSize, lastSeenSize } = exported;
  const lines = [
    textOf({ type: 'right', hashes: hashesOf(sql, perfectRanges({ from: toSeq, to: treeSize })) }),
  ];
  const covering = checkpointOver(sql, treeSize);
  if (toSeq < treeSize && covering !== null) lines.push(textOf({ type: 'checkpoint', note: covering.note }));
  if (lastSeenSize !== null) {
    const hashes = hashesOf(sql, consistencyPath(lastSeenSize, treeSize));
    lines.push(textOf({ type: 'consistency', from_size: lastSeenSize, to_size: treeSize, hashes }));
  }
  const count = (what: string): number =>
    sql
      .exec<{ rows: number }>(
        `SELECT COUNT(*) AS rows FROM ${what} WHERE seq BETWEEN ? AND ?`,
        fromSeq,
        toSeq,
      )
      .one().rows;
  lines.push(
    textOf({
      type: 'end',
      events: count('audit'),
      sealed: exported.edition === 'reviewer' ? count('audit_sealed') : 0,
      checkpoints: checkpointsIn(sql, exported, fromSeq, treeSize).length,
    }),
  );
  return lines;
}

function sealedLines(sql: SqlStorage, afterSeq: number, upTo: number): Map<number, string[]> {
  const rows = sql.exec<{ seq: number; field: string; salt: string | null; text: string | null }>(
    `SELECT a.seq, a.field, s.salt, s.text FROM audit_sealed a LEFT JOIN sealed s ON s.sealed_id = a.sealed_id
     WHERE a.seq > ? AND a.seq <= ? ORDER BY a.seq, a.field`,
    afterSeq,
    upTo,
  );
  const lines = new Map<number, string[]>();
  for (const { seq, field, salt, text } of rows) {
    const at = field.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
    const line = textOf({ type: 'sealed', seq, at, salt, text });
    lines.set(seq, [...(lines.get(seq) ?? []), line]);
  }
  return lines;
}

function hashesOf(sql: SqlStorage, ranges: readonly LeafRange[]): string[] {
  return ranges.map((range) => toBase64(subtreeRoot(sql, range)));
}

function textOf(line: EvidenceLine): string {
  return JSON.stringify(line);
}
