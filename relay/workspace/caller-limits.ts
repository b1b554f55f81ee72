// How much one caller may ask of a workspace. Each sign-in and each machine has its own measure, so that nobody
// waits for another's flood; the organization's own is asked only for those who used up half of theirs.
import type { ClerkSessionId, MachineId } from '#protocol/ids.ts';
import { KeyedBuckets } from '../limits/keyed-buckets.ts';
import { scaledRates } from '../limits/limits.ts';
import { TokenBucket } from '../limits/token-bucket.ts';

/** Milliseconds until it may be tried again; null: go on. */
type Wait = number | null;

export class CallerLimits {
  readonly #calls: KeyedBuckets;
  readonly #organization: TokenBucket;
  readonly #refusals: KeyedBuckets;
  readonly #consoleSockets: KeyedBuckets;
  readonly #agentSockets: KeyedBuckets;
  readonly #agentMessages: KeyedBuckets;

  constructor(scale: number, now: () => number) {
    const rates = scaledRates(scale);
    this.#calls = new KeyedBuckets(rates.calls, now);
    const { burst, perSecond } = rates.organizationCalls;
    this.#organization = new TokenBucket(burst, perSecond, now);
    this.#refusals = new KeyedBuckets(rates.refusals, now);
    this.#consoleSockets = new KeyedBuckets(rates.consoleSockets, now);
    // As many machines as may come back at once.
    this.#agentSockets = new KeyedBuckets(rates.agentSockets, now, 32_000);
    this.#agentMessages = new KeyedBuckets(rates.agentMessages, now, 32_000);
  }

  /** One request of this sign-in, on any of its sockets. */
  call(sid: ClerkSessionId): Wait {
    const own = this.#calls.of(sid);
    if (own.level < 0.5 && !this.#organization.take()) return this.#organization.retryAfterMs;
    return own.take() ? null : own.retryAfterMs;
  }

  /** May this sign-in be told once more that it asks too much? Else its socket goes. */
  mayBeTold(sid: ClerkSessionId): boolean {
    return this.#refusals.of(sid).take();
  }

  consoleSocket(sid: ClerkSessionId): Wait {
    const bucket = this.#consoleSockets.of(sid);
    return bucket.take() ? null : bucket.retryAfterMs;
  }

  agentSocket(machineId: MachineId): boolean {
    return this.#agentSockets.of(machineId).take();
  }

  agentMessage(machineId: MachineId): boolean {
    return this.#agentMessages.of(machineId).take();
  }
}
