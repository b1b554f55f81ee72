// What a recording is made of: output and sizes in batches, in order. Each batch's hash is chained over the one before,
// so the last one, which the signed record holds, vouches for all of them wherever they are kept.
import { createHash } from 'node:crypto';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import type { RecordingEvent } from '#protocol/records.ts';

/** SHA-256 that the first batch chains over. */
export const CHAIN_START = '0'.repeat(64);

/** A batch and its place: the first has id 1, the next 2. */
export interface RecordedBatch {
  readonly id: number;
  readonly event: RecordingEvent;
}

/** The chain's hash after these batches. */
export function chainOver(previousHash: string, batches: readonly RecordedBatch[]): string {
  return batches.reduce((hash, { event }) => {
    const { kind, at, offsetBytes: offset } = event;
    return event.kind === 'output'
      ? batchHash(hash, { kind, at, offset, size: null }, Uint8Array.fromBase64(event.data))
      : batchHash(hash, { kind, at, offset, size: event }, null);
  }, previousHash);
}

/** Hex SHA-256 over the hash before, a line of JSON about the batch, and its bytes. */
export function batchHash(
  previousHash: string,
  about: { kind: string; at: number; offset: number; size: TerminalSize | null },
  data: Uint8Array | null,
): string {
  const { kind, at, offset, size } = about;
  const line = JSON.stringify({ kind, at, offset, cols: size?.cols ?? null, rows: size?.rows ?? null });
  return createHash('sha256')
    .update(`${previousHash}\n${line}\n`)
    .update(data ?? new Uint8Array(0))
    .digest('hex');
}
