// A recording's object in the store: one line of JSON for each batch. A person can read it, and with the chain's hash
// before it anyone can check it (docs/evidence.md).
import { z } from 'zod';
import { RecordingEvent } from '#protocol/records.ts';
import type { RecordedBatch } from './recording-chain.ts';

const Line = z.object({ id: z.number().int().positive(), event: RecordingEvent });

export function encodeObject(batches: readonly RecordedBatch[]): Uint8Array {
  return new TextEncoder().encode(batches.map((batch) => `${JSON.stringify(batch)}\n`).join(''));
}

/** Null: no object of ours. What comes out has bytes that can be decoded. */
export function decodeObject(body: Uint8Array): RecordedBatch[] | null {
  try {
    const lines = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
      .decode(body)
      .trimEnd()
      .split('\n');
    return lines.map((line) => {
      const batch = Line.parse(JSON.parse(line));
      if (batch.event.kind === 'output') Uint8Array.fromBase64(batch.event.data);
      return batch;
    });
  } catch {
    return null;
  }
}
