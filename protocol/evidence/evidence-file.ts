// An evidence file: NDJSON, one line of these or the exact public line of an event (which begins with its
// id, never with a type). docs/evidence.md describes it for whoever writes another verifier.
//
//   header · left · (event, its sealed texts, a checkpoint where one is of this size)… · right
//   · the checkpoint that covers all of it, unless it stood above · consistency, when asked for · end
import { z } from 'zod';
import { Count } from '../measures.ts';
import { OrgId } from '../ids.ts';
import { NOTE_MAX_LENGTH } from './checkpoint.ts';

const Seq = z.number().int().positive();
const Hashes = z.array(z.string().length(44));

/** `reviewer`: with the texts behind salted hashes. `client`: without, and it verifies all the same. */
export const EvidenceEdition = z.enum(['reviewer', 'client']);
export type EvidenceEdition = z.infer<typeof EvidenceEdition>;

export const EvidenceLine = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('header'),
    format: z.literal('caisey-evidence'),
    v: z.literal(1),
    edition: EvidenceEdition,
    org_id: OrgId,
    origin: z.string(),
    from_seq: Seq,
    to_seq: Seq,
    /** Events that the covering checkpoint is over. */
    tree_size: Seq,
    /** C2SP verifier keys of the signatures in this file: for information, a verifier brings its own. */
    keys: z.array(z.string()),
  }),
  /** Perfect subtrees left of the first event, left to right. */
  z.strictObject({ type: z.literal('left'), hashes: Hashes }),
  /**
   * The text behind the salted hash at `at` of event `seq`, the one above. Null text: it was erased, and its
   * salt with it.
   */
  z.strictObject({
    type: z.literal('sealed'),
    seq: Seq,
    at: z.array(z.union([z.string(), Count])),
    salt: z.string().nullable(),
    text: z.string().nullable(),
  }),
  z.strictObject({ type: z.literal('checkpoint'), note: z.string().max(NOTE_MAX_LENGTH) }),
  /** Perfect, aligned subtrees right of the last event, left to right. */
  z.strictObject({ type: z.literal('right'), hashes: Hashes }),
  /** RFC 6962 consistency proof between a checkpoint kept elsewhere and the covering one. */
  z.strictObject({ type: z.literal('consistency'), from_size: Count, to_size: Seq, hashes: Hashes }),
  z.strictObject({ type: z.literal('end'), events: Count, sealed: Count, checkpoints: Count }),
]);
export type EvidenceLine = z.infer<typeof EvidenceLine>;
