// A page that nobody touches gives back what its start took, and what was closed in it has left: the sources of its
// scripts, their compiled copies, and garbage that V8 would collect at its leisure. That takes some 20 ms in which
// the page draws nothing (docs/decisions/0046).

/** Between two keys of somebody who reads what came. */
export const QUIET_MS = 3_000;

export interface PageRestOptions {
  /** Monotonic. */
  readonly nowMs: () => number;
  /** @returns calls it off */
  readonly after: (delayMs: number, run: () => void) => () => void;
  readonly giveBack: () => void;
}

export class PageRest {
  readonly #options: PageRestOptions;
  #cancel: (() => void) | null = null;
  #touchedAtMs = 0;

  constructor(options: PageRestOptions) {
    this.#options = options;
  }

  /** Much has come or gone: once nobody has touched the page for a while, it gives back, one time. */
  due(): void {
    if (this.#cancel !== null) return;
    this.touched();
    this.#wait(QUIET_MS);
  }

  /** A key, a click, a movement of the pointer. */
  touched(): void {
    this.#touchedAtMs = this.#options.nowMs();
  }

  dispose(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #wait(forMs: number): void {
    this.#cancel = this.#options.after(forMs, () => {
      this.#cancel = null;
      const leftMs = this.#touchedAtMs + QUIET_MS - this.#options.nowMs();
      if (leftMs > 0) this.#wait(leftMs);
      else this.#options.giveBack();
    });
  }
}
