/** How much at once, and how much in the long run. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

export function bucketOf({ burst, perSecond }: Rate, now: () => number): TokenBucket {
  return new TokenBucket(burst, perSecond, now);
}

/** A plain token bucket: `burst` at once, `perSecond` in the long run. */
export class TokenBucket {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #now: () => number;
  #tokens: number;
  #at: number;

  constructor(burst: number, perSecond: number, now: () => number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#now = now;
    this.#tokens = burst;
    this.#at = now();
  }

  /** Take one; false when there is none left. */
  take(): boolean {
    this.#refill();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** What is left, from 0 to 1. */
  get level(): number {
    this.#refill();
    return this.#tokens / this.#burst;
  }

  /** Milliseconds until `take` succeeds again. */
  get retryAfterMs(): number {
    this.#refill();
    return Math.max(0, Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000));
  }

  #refill(): void {
    const now = this.#now();
    // A clock that is set back gives nothing and takes nothing.
    const passedMs = Math.max(0, now - this.#at);
    this.#tokens = Math.min(this.#burst, this.#tokens + (passedMs / 1000) * this.#perSecond);
    this.#at = now;
  }
}
