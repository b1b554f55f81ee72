// Writes the whole record as an evidence file, page by page: relay → here → main's file, nothing kept.
import type { EvidenceEdition } from '#protocol/evidence/evidence-file.ts';
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

/** @param onProgress events written, of how many */
export async function exportEvidence(
  call: Call,
  file: EvidenceFile,
  edition: EvidenceEdition,
  now: () => number,
  onProgress: (done: number, total: number) => void,
): Promise<Exported> {
  try {
    const name = await file.begin(`evidence-${edition}-${new Date(now()).toISOString().slice(0, 10)}.ndjson`);
    if (name === null) return { kind: 'cancelled' };
    const opened = await call('evidence.open', { edition, fromSeq: 1, toSeq: null, lastSeenSize: null });
    if (!opened.ok) return await failed(file, opened.error.text);
    const { exportId, toSeq, lines } = opened.result;
    await file.append(textOf(lines));
    for (let afterSeq: number | null = 0; afterSeq !== null;) {
      onProgress(afterSeq, toSeq);
      const page: Awaited<ReturnType<typeof readPage>> = await readPage(call, exportId, afterSeq);
      if (!page.ok) return await failed(file, page.error.text);
      await file.append(textOf(page.result.lines));
      afterSeq = page.result.nextAfterSeq;
    }
    await file.end();
    return { kind: 'done', name, events: toSeq };
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

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** Main's calls reject with a code and a text. */
export function textOfFailure(error: unknown): string {
  return typeof error === 'object' && error !== null && 'text' in error && typeof error.text === 'string'
    ? error.text
    : 'The file could not be written.';
}
