// What whoever comes back asks: does the record still begin with what I saw? Answered with the newest
// checkpoint and a consistency proof; what they make of it is theirs to decide.
import { toBase64 } from '#protocol/evidence/base64.ts';
import { consistencyPath } from '#protocol/evidence/merkle-tree.ts';
import type { CheckpointAnswer } from '#protocol/evidence/last-seen.ts';
import { newestCheckpoint } from './sign-checkpoint.ts';
import { subtreeRoot } from './tree-store.ts';

/** @param lastSeenSize events of the checkpoint that the asker remembers, null: none yet */
export function compareCheckpoint(sql: SqlStorage, lastSeenSize: number | null): CheckpointAnswer {
  const newest = newestCheckpoint(sql);
  if (newest === null) return { checkpoint: null, proof: [] };
  const ranges = consistencyPath(lastSeenSize ?? 0, newest.size);
  return { checkpoint: newest.note, proof: ranges.map((range) => toBase64(subtreeRoot(sql, range))) };
}
