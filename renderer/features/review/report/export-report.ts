// Writes the time under review as a report: as HTML, or (main prints it) as a PDF. Recorded like every export.
import { readCheckpoint } from '#protocol/evidence/checkpoint.ts';
import type { Call } from '../../../connection/relay-client.ts';
import { failed, textOfFailure } from '../export-evidence.ts';
import type { EvidenceFile, Exported } from '../export-evidence.ts';
import { nightReport } from './night-report.ts';
import type { Night } from './night-report.ts';

export type ReportKind = 'pdf' | 'html';

/** Pieces are gathered up to about this many characters a call. */
const CALL_LENGTH = 256 * 1024;

export async function exportReport(
  call: Call,
  file: EvidenceFile,
  kind: ReportKind,
  night: Omit<Night, 'checkpoint'>,
): Promise<Exported> {
  try {
    const { client, range, madeAt } = night;
    const day = new Date(madeAt).toISOString().slice(0, 10);
    const name = await file.begin(`night-${client.code.toLowerCase()}-${day}.${kind}`);
    if (name === null) return { kind: 'cancelled' };
    const { fromMs } = range;
    const asked = {
      edition: 'reviewer',
      form: 'report',
      fromSeq: 1,
      fromMs,
      toSeq: null,
      lastSeenSize: null,
    } as const;
    const opened = await call('evidence.open', asked);
    if (!opened.ok) return await failed(file, opened.error.text);
    const signed = await call('audit.checkpoint', { lastSeenSize: null });
    if (!signed.ok) return await failed(file, signed.error.text);
    const note = signed.result.checkpoint;
    const checkpoint = note === null ? null : readCheckpoint(note);
    let gathered = '';
    for (const piece of nightReport({ ...night, checkpoint })) {
      gathered += piece;
      if (gathered.length < CALL_LENGTH) continue;
      await file.append(gathered);
      gathered = '';
    }
    await file.append(gathered);
    await file.end();
    return { kind: 'done', name, events: night.items.length };
  } catch (error) {
    return failed(file, textOfFailure(error));
  }
}
