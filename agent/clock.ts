/** Time and randomness, passed in so that tests decide them. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `fire` once after `delayMs`; the answer cancels it. */
  timer(delayMs: number, fire: () => void): () => void;
  /** Uniform in [0, 1). */
  random(): number;
  fillRandom(bytes: Uint8Array): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  timer(delayMs, fire) {
    const handle = setTimeout(fire, delayMs);
    return () => clearTimeout(handle);
  },
  random: () => Math.random(),
  fillRandom(bytes) {
    crypto.getRandomValues(bytes);
  },
};
