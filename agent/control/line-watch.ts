import type { Clock } from '../clock.ts';

const LOOK_EVERY_MS = 2000;
/** Timers of a busy process are late too; a machine that slept is later. */
const SLEPT_MS = 4000;

export interface LineWatchOptions {
  readonly clock: Clock;
  /** Text that differs when the machine's addresses do. */
  readonly addresses: () => string;
  /** Connections that stood may be dead now, and attempts that failed may succeed. */
  readonly changed: (why: 'woke' | 'network') => void;
}

/** Notices that the machine slept, or that its network is another. */
export class LineWatch {
  readonly #options: LineWatchOptions;
  #addresses: string;
  #lookedAt: number;
  #cancel: () => void;

  constructor(options: LineWatchOptions) {
    this.#options = options;
    this.#addresses = options.addresses();
    this.#lookedAt = options.clock.now();
    this.#cancel = this.#lookLater();
  }

  dispose(): void {
    this.#cancel();
  }

  #lookLater(): () => void {
    return this.#options.clock.timer(LOOK_EVERY_MS, () => this.#look());
  }

  #look(): void {
    const { clock, addresses, changed } = this.#options;
    this.#cancel = this.#lookLater();
    // Timers stand still while a machine sleeps; its wall clock does not.
    const slept = clock.now() - this.#lookedAt > LOOK_EVERY_MS + SLEPT_MS;
    this.#lookedAt = clock.now();
    const current = addresses();
    const moved = current !== this.#addresses;
    this.#addresses = current;
    if (slept) changed('woke');
    else if (moved) changed('network');
  }
}
