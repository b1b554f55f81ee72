// An organization that a signature or an object's birth record vouches for. `vouch` is called by the
// verifiers of this folder alone (a test reads the imports); nothing else can name a Durable Object.
import type { OrgId } from '#protocol/ids.ts';

declare const vouched: unique symbol;
export type VerifiedOrg = OrgId & { readonly [vouched]: true };

/** Only for verifiers in relay/auth. */
export function vouch(orgId: OrgId): VerifiedOrg {
  return orgId as VerifiedOrg;
}
