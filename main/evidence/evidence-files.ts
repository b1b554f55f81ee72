// Evidence files that windows are writing: a person chooses the place in main's own dialog, a page only says
// what goes in. Under another name until it is whole, so that half of one is never taken for evidence.
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';

export interface EvidenceFilesOptions<W> {
  /** Null: the person thought better of it. */
  readonly askPath: (window: W, suggestedName: string) => Promise<string | null>;
  /** Makes a PDF of an HTML file. */
  readonly print: (htmlFile: string, pdfFile: string) => Promise<void>;
}

export type Written =
  | { readonly ok: true; readonly name: string | null }
  | { readonly ok: false; readonly reason: string };

interface Writing {
  readonly path: string;
  /** Where it is until it is whole. */
  readonly part: string;
  /** What the page writes is HTML, to be printed. */
  readonly isPrinted: boolean;
  readonly file: FileHandle;
}

/** One file a window at a time. */
export class EvidenceFiles<W extends object> {
  readonly #options: EvidenceFilesOptions<W>;
  readonly #writing = new Map<W, Writing>();

  constructor(options: EvidenceFilesOptions<W>) {
    this.#options = options;
  }

  /** Asks where to; a null name: nowhere. */
  async begin(window: W, suggestedName: string): Promise<Written> {
    await this.cancel(window);
    const path = await this.#options.askPath(window, suggestedName);
    if (path === null) return { ok: true, name: null };
    try {
      const isPrinted = suggestedName.endsWith('.pdf');
      const part = isPrinted ? `${path}.part.html` : partOf(path);
      const file = await open(part, 'w', 0o600);
      this.#writing.set(window, { path, part, isPrinted, file });
      return { ok: true, name: basename(path) };
    } catch (error) {
      return { ok: false, reason: reasonOf(error) };
    }
  }

  async append(window: W, text: string): Promise<Written> {
    const writing = this.#writing.get(window);
    if (writing === undefined) return NOT_OPEN;
    try {
      await writing.file.write(text);
      return { ok: true, name: basename(writing.path) };
    } catch (error) {
      await this.cancel(window);
      return { ok: false, reason: reasonOf(error) };
    }
  }

  async end(window: W): Promise<Written> {
    const writing = this.#writing.get(window);
    if (writing === undefined) return NOT_OPEN;
    try {
      await writing.file.sync();
      await writing.file.close();
      if (writing.isPrinted) {
        await this.#options.print(writing.part, partOf(writing.path));
        await rm(writing.part);
      }
      await rename(partOf(writing.path), writing.path);
      this.#writing.delete(window);
      return { ok: true, name: basename(writing.path) };
    } catch (error) {
      await this.cancel(window);
      return { ok: false, reason: reasonOf(error) };
    }
  }

  /** What was written so far is removed. */
  async cancel(window: W): Promise<void> {
    const writing = this.#writing.get(window);
    if (writing === undefined) return;
    this.#writing.delete(window);
    await writing.file.close().catch(() => {});
    for (const left of [writing.part, partOf(writing.path)]) await rm(left, { force: true }).catch(() => {});
  }
}

const NOT_OPEN = { ok: false, reason: 'no file is open' } as const;

function partOf(path: string): string {
  return `${path}.part`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
