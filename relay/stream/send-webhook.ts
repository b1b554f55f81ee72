// A batch as one signed POST: the events' exact lines, one a line. Signed as Standard Webhooks are
// (https://www.standardwebhooks.com), so receivers have libraries for it. Any 2xx answer takes the batch.
import { createHmac } from 'node:crypto';
import { exportShapes } from '#protocol/export/export-shape.ts';
import type { StreamReceiver, StreamTrouble } from '#protocol/stream.ts';
import type { Batch } from './batch.ts';
import type { Receivers } from './receivers.ts';

export const SEND_TIMEOUT_MS = 15_000;

export async function sendWebhook(
  { url, form, authorization }: Extract<StreamReceiver, { kind: 'webhook' }>,
  { org, firstSeq, lastSeq, attempt, events }: Batch,
  key: Uint8Array,
  { receivers, now }: { readonly receivers: Receivers; readonly now: () => number },
): Promise<StreamTrouble | null> {
  const body = events.map(({ line }) => exportShapes[form ?? 'evidence'].line(line)).join('');
  const id = `${org}.${firstSeq}-${lastSeq}`;
  const timestamp = Math.floor(now() / 1000);
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest().toBase64();
  const headers = {
    'Content-Type': 'application/x-ndjson',
    'User-Agent': 'caisey-relay',
    'Webhook-Id': id,
    'Webhook-Timestamp': String(timestamp),
    'Webhook-Signature': `v1,${signature}`,
    'Caisey-First-Seq': String(firstSeq),
    'Caisey-Last-Seq': String(lastSeq),
    'Caisey-Attempt': String(attempt),
    ...(authorization === null ? {} : { Authorization: authorization }),
  };
  const signal = AbortSignal.timeout(SEND_TIMEOUT_MS);
  try {
    // Never followed: a redirect would lead where nobody was asked about.
    const answer = await receivers.fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
    // What it says is nobody's: only that it was taken.
    await answer.body?.cancel();
    return answer.ok ? null : 'refused';
  } catch {
    return signal.aborted ? 'late' : 'unreachable';
  }
}
