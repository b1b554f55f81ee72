// A line that is half open tells nobody: one that beats is taken for cut once it was not heard for longer than a beat
// and its answer may take. Kept by a timer: a session's object is awake while it has sockets.
import { LINE_SILENT_AFTER_MS } from '#protocol/control/heartbeat.ts';

export interface SilenceWatchOptions {
  readonly now: () => number;
  /** @returns a function that stops it */
  readonly after: (delayMs: number, run: () => void) => () => void;
  readonly silent: () => void;
}

export class SilenceWatch {
  readonly #options: SilenceWatchOptions;
  #heardAt = 0;
  #stopTimer: () => void = () => undefined;

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
  }

  begin(): void {
    this.heard();
    this.#lookIn(LINE_SILENT_AFTER_MS);
  }

  /** Cheap: called for each message of a flood. */
  heard(): void {
    this.#heardAt = this.#options.now();
  }

  stop(): void {
    this.#stopTimer();
  }

  #lookIn(delayMs: number): void {
    this.#stopTimer();
    this.#stopTimer = this.#options.after(delayMs, () => {
      const leftMs = this.#heardAt + LINE_SILENT_AFTER_MS - this.#options.now();
      if (leftMs > 0) this.#lookIn(leftMs);
      else this.#options.silent();
    });
  }
}
