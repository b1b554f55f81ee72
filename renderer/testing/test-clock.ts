import type { Timers } from '../connection/socket.ts';

/** A clock that stands still until told: timers run in order, and promises settle in between. */
export class TestClock implements Timers {
  #now = 1_000_000;
  #timers: { atMs: number; run: () => void }[] = [];

  readonly now = (): number => this.#now;
  readonly random = (): number => 0.5;
  readonly after = (delayMs: number, run: () => void): (() => void) => {
    const timer = { atMs: this.#now + delayMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  async pass(durationMs: number): Promise<void> {
    const untilMs = this.#now + durationMs;
    await settled();
    for (;;) {
      const next = this.#timers.toSorted((one, other) => one.atMs - other.atMs)[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.atMs);
      next.run();
      await settled();
    }
    this.#now = untilMs;
  }
}

/** Everything that only waits for promises has happened. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
}
