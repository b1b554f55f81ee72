// Writes the record as an evidence file, or in a shape for people or other systems, page by page: relay → here →
// main's file, nothing kept.
import type { EvidenceEdition } from '#protocol/evidence/evidence-file.ts';
import type { ExportForm } from '#protocol/export/export-form.ts';
import { exportShapes } from '#protocol/export/export-shape.ts';
import type { Call } from '../../connection/relay-client.ts';

/** The file that main lets a page write. Rejects with a text for people. */
export interface EvidenceFile {
  /** Asks the person where to; null: nowhere. */
  readonly begin: (name: string) => Promise<string | null>;
  readonly append: (text: string) => Promise<void>;
  readonly end: () => Promise<void>;
  readonly cancel: () => Promise<void>;
}

export type Exported =
  | { readonly kind: 'done'; readonly name: string; readonly events: number }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly text: string };

export interface ExportChoice {
  readonly form: Exclude<ExportForm, 'report'>;
  /** Sealed texts are in evidence alone: every other shape is made of the public lines. */
  readonly edition: EvidenceEdition;
  /** Left out: the whole record. */
  readonly fromMs?: number;
}

/** @param onProgress events written, of how many */
export async function exportEvidence(
  call: Call,
  file: EvidenceFile,
  { form, edition, fromMs = 0 }: ExportChoice,
  now: () => number,
  onProgress: (done: number, total: number) => void,
): Promise<Exported> {
  try {
    const shape = exportShapes[form];
    const day = new Date(now()).toISOString().slice(0, 10);
    const what = form === 'evidence' ? `evidence-${edition}` : `record-${form}`;
    const name = await file.begin(`${what}-${day}.${shape.extension}`);
    if (name === null) return { kind: 'cancelled' };
    const range = { fromSeq: 1, fromMs, toSeq: null, lastSeenSize: null };
    const opened = await call('evidence.open', { edition, form, ...range });
    if (!opened.ok) return await failed(file, opened.error.text);
    const { exportId, fromSeq, toSeq, lines } = opened.result;
    const textOf = (page: readonly string[]) => page.map(shape.line).join('');
    await file.append(shape.begin + textOf(lines));
    const total = toSeq - fromSeq + 1;
    for (let afterSeq: number | null = 0; afterSeq !== null;) {
      onProgress(Math.max(0, afterSeq - fromSeq + 1), total);
      const page: Awaited<ReturnType<typeof readPage>> = await readPage(call, exportId, afterSeq);
      if (!page.ok) return await failed(file, page.error.text);
      await file.append(textOf(page.result.lines));
      afterSeq = page.result.nextAfterSeq;
    }
    await file.end();
    return { kind: 'done', name, events: total };
  } catch (error) {
    return failed(file, textOfFailure(error));
  }
}

function readPage(call: Call, exportId: string, afterSeq: number) {
  return call('evidence.read', { exportId, afterSeq });
}

export async function failed(file: EvidenceFile, text: string): Promise<Exported> {
  await file.cancel().catch(() => undefined);
  return { kind: 'failed', text };
}

/** Main's calls reject with a code and a text. */
export function textOfFailure(error: unknown): string {
  return typeof error === 'object' && error !== null && 'text' in error && typeof error.text === 'string'
    ? error.text
    : 'The file could not be written.';
}
