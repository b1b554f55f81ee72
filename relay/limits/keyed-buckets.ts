// One token bucket for each caller, in bounded memory: the least recently seen callers are forgotten, which
// can only be to their advantage.
import { TokenBucket } from './token-bucket.ts';
import type { Rate } from './token-bucket.ts';

const MAX_KEYS = 4096;

export class KeyedBuckets {
  readonly #rate: Rate;
  readonly #now: () => number;
  readonly #maxKeys: number;
  /** In the order of last use. */
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(rate: Rate, now: () => number, maxKeys = MAX_KEYS) {
    this.#rate = rate;
    this.#now = now;
    this.#maxKeys = maxKeys;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** The bucket of this caller. */
  of(key: string): TokenBucket {
    const bucket =
      this.#buckets.get(key) ?? new TokenBucket(this.#rate.burst, this.#rate.perSecond, this.#now);
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > this.#maxKeys) this.#forgetOldest();
    return bucket;
  }

  /** The bucket of a caller that has one; asking makes none. */
  known(key: string): TokenBucket | null {
    return this.#buckets.get(key) ?? null;
  }

  #forgetOldest(): void {
    for (const key of this.#buckets.keys()) {
      this.#buckets.delete(key);
      return;
    }
  }
}
