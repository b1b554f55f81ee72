import type { PartReport, ProveRun } from './part.ts';
import { proveRevocation } from './revocation.ts';

const QUICK_RUNS = 3;

/** A part of `npm run prove`; it starts systems of its own, with real machines. */
export async function proveRevocationPart({ log, signal, quick }: ProveRun): Promise<PartReport> {
  const report = await proveRevocation({ log, signal, ...(quick ? { runs: QUICK_RUNS } : {}) });
  const { runs, withWebhookMaxMs, withoutWebhookMaxMs, failures } = report;
  return {
    breaches: failures,
    summary: `${runs} revocations, served for at most ${withWebhookMaxMs} ms with the webhook, ${withoutWebhookMaxMs} ms without`,
    figures: { ...report },
  };
}
