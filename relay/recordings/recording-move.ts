// When a finished recording moves: its copy is due at once, the end of its rows a while later. Due times outlive the
// object; what the archive cannot do now is tried again.
import { dropDue, putDue } from '../storage/due.ts';
import type { RecordingArchive } from './recording-archive.ts';

const COPY = 'recording.copy';
const RELEASE = 'recording.release';

export interface RecordingMoveOptions {
  readonly sql: SqlStorage;
  readonly archive: RecordingArchive;
  readonly now: () => number;
  /** From the copy until its rows go. */
  readonly keptMs: () => number;
  readonly onReleased: () => void;
  /** A part does not hold the chain; it is copied anew. */
  readonly onDamaged: () => void;
}

export class RecordingMove {
  readonly #options: RecordingMoveOptions;

  constructor(options: RecordingMoveOptions) {
    this.#options = options;
  }

  /** The recording is complete. */
  begin(): void {
    if (this.#options.archive.isOffered) this.#put(COPY, 0);
  }

  /** Whatever is due of it. Rejects when the store does not answer. */
  async act(kind: string): Promise<void> {
    const { archive, keptMs, onReleased, onDamaged } = this.#options;
    if (kind === COPY) {
      await archive.copy();
      this.#put(RELEASE, keptMs());
    } else if (kind === RELEASE) {
      if (await archive.release()) return onReleased();
      onDamaged();
      this.#put(COPY, 0);
    }
  }

  /** Nothing of the recording stays. */
  async erase(): Promise<void> {
    for (const key of [COPY, RELEASE]) dropDue(this.#options.sql, key);
    await this.#options.archive.erase();
  }

  #put(kind: string, inMs: number): void {
    putDue(this.#options.sql, kind, this.#options.now() + inMs, kind, '');
  }
}
