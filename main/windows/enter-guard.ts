// The first Enter in a window that comes back after a while is held: whoever returns may believe to be elsewhere.

/** Long enough to have read, talked or worked elsewhere; a glance at another window is shorter. */
const AWAY_MS = 20_000;

export interface PressedKey {
  readonly type: string;
  readonly key: string;
  readonly isAutoRepeat: boolean;
}

export class EnterGuard {
  readonly #nowMs: () => number;
  #leftAtMs: number | null = null;
  #armed = false;
  /** The key that was held is still down: its repeats are held as well. */
  #holding = false;

  /** @param nowMs monotonic */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  blurred(): void {
    this.#leftAtMs ??= this.#nowMs();
  }

  focused(): void {
    if (this.#leftAtMs !== null && this.#nowMs() - this.#leftAtMs >= AWAY_MS) this.#armed = true;
    this.#leftAtMs = null;
  }

  /** The person was asked for, and says who they are: they know where they are. */
  disarm(): void {
    this.#armed = false;
  }

  /** @returns `first` for the press to hold and to tell of, `again` for a repeat of it */
  holds({ type, key, isAutoRepeat }: PressedKey): 'first' | 'again' | null {
    if (key !== 'Enter') return null;
    if (type !== 'keyDown') {
      this.#holding = false;
      return null;
    }
    if (isAutoRepeat && this.#holding) return 'again';
    this.#holding = this.#armed;
    this.#armed = false;
    return this.#holding ? 'first' : null;
  }
}
