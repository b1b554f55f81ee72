// Slows down those whose credentials are refused. A credential that was refused again and again is refused without
// being looked at, and no object is troubled for it. An address (where the caller's is known) with very many refusals
// learns no reason any more; a good credential from there is let in all the same: an office has one address.
import { createHash } from 'node:crypto';
import { isErrorCode, refuse } from '#protocol/errors.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import { KeyedBuckets } from '../limits/keyed-buckets.ts';
import { scaledRates } from '../limits/limits.ts';
import { callerIp } from './admit-person.ts';
import { networkOf } from './guess-limit.ts';
import { REFUSED_HEADER, refuseUpgrade } from './refuse-upgrade.ts';

/** Refusals that the credential alone is to blame for. */
const FAULTS: ReadonlySet<ErrorCode> = new Set([
  'token_invalid',
  'token_expired',
  'token_wrong_issuer',
  'token_wrong_category',
  'token_no_organization',
  'session_inactive',
  'sign_in_spent',
  'sign_in_bound_elsewhere',
  'credential_invalid',
  'ticket_invalid',
]);

export class RefusedCallers {
  readonly #credentials: KeyedBuckets;
  readonly #addresses: KeyedBuckets;

  constructor(scale: number, now: () => number) {
    const rates = scaledRates(scale);
    this.#credentials = new KeyedBuckets(rates.refusedCredential, now);
    this.#addresses = new KeyedBuckets(rates.refusedAddress, now);
  }

  /** What `handle` answers, unless the credential was refused too often. */
  async guard(request: Request, handle: () => Response | Promise<Response>): Promise<Response> {
    const credential = keyOf(request);
    const before = credential === null ? null : this.#credentials.known(credential);
    if (before !== null && before.retryAfterMs > 0) {
      return refuseUpgrade(request, { ...refuse('rate_limited'), retryAfterMs: before.retryAfterMs });
    }
    const response = await handle();
    const code = response.headers.get(REFUSED_HEADER);
    if (!isErrorCode(code) || !FAULTS.has(code)) return response;
    if (credential !== null) this.#credentials.of(credential).take();
    const ip = callerIp(request);
    const address = ip === null ? null : this.#addresses.of(networkOf(ip));
    if (address === null || address.take()) return response;
    return refuseUpgrade(request, { ...refuse('rate_limited'), retryAfterMs: address.retryAfterMs });
  }
}

/** Names the presented credential without keeping it; null without one. */
function keyOf(request: Request): string | null {
  const presented = request.headers.get('Authorization');
  return presented === null ? null : createHash('sha256').update(presented).digest('base64url');
}
