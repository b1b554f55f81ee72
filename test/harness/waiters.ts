interface Waiter {
  readonly condition: () => boolean;
  readonly resolve: () => void;
}

/** Conditions that are looked at again whenever something happened, without polling. */
export interface Waiters {
  /** @throws Error naming `what` after `limitMs`, with `detail()` to help */
  wait(what: string, condition: () => boolean, limitMs: number, detail: () => string): Promise<void>;
  /** Something happened. */
  look(): void;
}

export function createWaiters(): Waiters {
  const waiting = new Set<Waiter>();
  return {
    wait(what, condition, limitMs, detail) {
      if (condition()) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(waiter);
          reject(new Error(`gave up waiting for ${what} after ${limitMs} ms. ${detail()}`));
        }, limitMs);
        const waiter: Waiter = {
          condition,
          resolve: () => {
            clearTimeout(timer);
            resolve();
          },
        };
        waiting.add(waiter);
      });
    },
    look() {
      for (const waiter of waiting) {
        if (!waiter.condition()) continue;
        waiting.delete(waiter);
        waiter.resolve();
      }
    },
  };
}
