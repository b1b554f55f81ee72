// The stream of a workspace as it stands in its table: where to, how far, and the batch on its way. A batch keeps its
// bounds until it was taken, so that whatever arrives twice arrives as the same batch.
import { z } from 'zod';
import { StreamForm, StreamTrouble } from '#protocol/stream.ts';
import { putDueOnce } from '../storage/due.ts';

/** The task in table `due` that sends. */
export const STREAM_DUE = 'stream';

const StreamRow = z.object({
  revision: z.string(),
  kind: z.enum(['webhook', 'syslog']),
  host: z.string(),
  form: StreamForm.nullable(),
  /** The receiver, encrypted: see receiver-seal.ts. */
  sealed: z.instanceof(ArrayBuffer),
  sent_seq: z.number(),
  /** Last event of the batch on its way; null: there is none. */
  sending_seq: z.number().nullable(),
  /** How often that batch was sent. */
  tries: z.number(),
  failing_since: z.number().nullable(),
  trouble: StreamTrouble.nullable(),
  /** The record says that it is interrupted. */
  told: z.number(),
});
export type StreamRow = z.infer<typeof StreamRow>;

export function storedStream(sql: SqlStorage): StreamRow | null {
  const [row] = sql.exec('SELECT * FROM stream').toArray();
  return row === undefined ? null : StreamRow.parse(row);
}

/** More of the record is signed: what is streamed is what a checkpoint covers. */
export function noteSigned(sql: SqlStorage, now: number): void {
  const exists = sql.exec('SELECT 1 FROM stream').toArray().length > 0;
  if (exists) putDueOnce(sql, STREAM_DUE, now, STREAM_DUE, '');
}
