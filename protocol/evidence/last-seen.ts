// The last checkpoint that a console or an agent saw, and what it says of the one it is shown on return.
// This is what catches a record that was cut back to an older, rightly signed state.
import { z } from 'zod';
import { fromBase64 } from './base64.ts';
import { NOTE_MAX_LENGTH, originOf, readCheckpoint } from './checkpoint.ts';
import { HASH_BYTES, isConsistent } from './merkle-tree.ts';
import type { AnySha256 } from './merkle-tree.ts';

export const LastSeen = z.object({ note: z.string().max(NOTE_MAX_LENGTH) });
export type LastSeen = z.infer<typeof LastSeen>;

/** Longest proof: two hashes a level, and a tree has fewer than 53 levels. */
const PROOF_MAX = 106;

export const CheckpointAnswer = z.object({
  /** The newest signed note; null: nothing was ever signed. */
  checkpoint: z.string().max(NOTE_MAX_LENGTH).nullable(),
  /** Base64 hashes of RFC 6962 §2.1.2, from the size that was asked about. */
  proof: z.array(z.string().length(44)).max(PROOF_MAX),
});
export type CheckpointAnswer = z.infer<typeof CheckpointAnswer>;

export type Comparison =
  /** Goes on from what was seen. Remember `lastSeen`, null while nothing was ever signed. */
  | { readonly kind: 'consistent'; readonly lastSeen: LastSeen | null }
  /** Fewer events than were seen. */
  | { readonly kind: 'cut'; readonly seenSize: number; readonly size: number }
  /** Other events than were seen, or no checkpoint of this workspace at all. */
  | { readonly kind: 'changed'; readonly seenSize: number };

/** Events of a remembered checkpoint, null without one. */
export function sizeSeen(lastSeen: LastSeen | null): number | null {
  return lastSeen === null ? null : (readCheckpoint(lastSeen.note)?.size ?? null);
}

/** @param org whose record it must be; null: of what was seen, or at first of anybody */
export async function compare(
  sha256: AnySha256,
  org: string | null,
  lastSeen: LastSeen | null,
  answer: CheckpointAnswer,
): Promise<Comparison> {
  const seen = lastSeen === null ? null : readCheckpoint(lastSeen.note);
  const seenSize = seen?.size ?? 0;
  if (answer.checkpoint === null) {
    return seen === null ? { kind: 'consistent', lastSeen: null } : { kind: 'cut', seenSize, size: 0 };
  }
  const shown = readCheckpoint(answer.checkpoint);
  const origin = org === null ? (seen ?? shown)?.origin : originOf(org);
  if (shown === null || shown.origin !== origin) return { kind: 'changed', seenSize };
  if (seen === null) return { kind: 'consistent', lastSeen: { note: answer.checkpoint } };
  if (shown.size < seen.size) return { kind: 'cut', seenSize, size: shown.size };
  const proof = answer.proof.map(fromBase64);
  if (!proof.every((hash) => hash?.length === HASH_BYTES)) return { kind: 'changed', seenSize };
  const holds = await isConsistent(
    sha256,
    seen,
    shown,
    proof.filter((hash) => hash !== null),
  );
  return holds
    ? { kind: 'consistent', lastSeen: { note: answer.checkpoint } }
    : { kind: 'changed', seenSize };
}
