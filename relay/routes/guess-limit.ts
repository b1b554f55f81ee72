import { KeyedBuckets } from '../limits/keyed-buckets.ts';
import { TokenBucket } from '../limits/token-bucket.ts';

/** An address may be a whole office behind one router, where codes are mistyped too. */
const OF_ADDRESS = { burst: 20, perSecond: 0.2 };
const ALL = { burst: 200, perSecond: 5 };

/**
 * How often the relay answers codes that it never sealed: by address where the caller's is known, and over
 * all callers of this isolate. Only refusals pass here, so no guesser can take an answer from a real code.
 */
export class GuessLimit {
  readonly #all: TokenBucket;
  readonly #addresses: KeyedBuckets;
  #limited = 0;

  constructor(now: () => number) {
    this.#all = new TokenBucket(ALL.burst, ALL.perSecond, now);
    this.#addresses = new KeyedBuckets(OF_ADDRESS, now);
  }

  /** @param ip null where the relay does not know it: those share one bucket */
  take(ip: string | null): { readonly ok: true; readonly limitedBefore: number } | { readonly ok: false } {
    if (!this.#addresses.of(networkOf(ip ?? '')).take() || !this.#all.take()) {
      this.#limited += 1;
      return { ok: false };
    }
    const limitedBefore = this.#limited;
    this.#limited = 0;
    return { ok: true, limitedBefore };
  }
}

/** One caller has 2^64 addresses of IPv6: what counts is the network that they are given as. */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip;
  const [head = '', tail] = ip.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const behind = tail === '' ? 0 : tail.split(':').length;
    while (groups.length + behind < 8) groups.push('0');
  }
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':');
}
