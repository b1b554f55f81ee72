import { randomBytes, randomInt } from 'node:crypto';
import { tokenCategory } from '../../../local/identity/tokens.ts';
import type { ProvenRelay } from '../relay/proven-relay.ts';
import { clerkId, sessionClaims, signClaims } from './mint.ts';
import type { Bearer } from './mint.ts';
import { foreignKeys } from './spellings.ts';

/** What the hostile classes make tokens from. */
export interface TokenMaker {
  readonly relay: ProvenRelay;
  readonly foreign: ReturnType<typeof foreignKeys>;
  /** Someone new, in one of the organizations of this proof. */
  readonly someone: () => Bearer;
  readonly claims: (bearer: Bearer) => Record<string, unknown>;
  readonly header: () => Record<string, unknown>;
  /** An honest token but for these claims; undefined leaves one out. */
  readonly withClaims: (over: Readonly<Record<string, unknown>>, bearer?: Bearer) => string;
  readonly withHeader: (over: Readonly<Record<string, unknown>>, bearer?: Bearer) => string;
}

export function createTokenMaker(relay: ProvenRelay): TokenMaker {
  const organizations = Array.from({ length: 12 }, () => clerkId('org'));
  const roles = ['technician', 'reviewer', 'admin'] as const;
  const someone = (): Bearer => ({
    org: organizations[randomInt(organizations.length)] ?? clerkId('org'),
    userId: clerkId('user'),
    sid: clerkId('sess'),
    role: roles[randomInt(roles.length)] ?? 'admin',
    name: `Pat ${randomBytes(3).toString('hex')}`,
  });
  const withClaims: TokenMaker['withClaims'] = (over, bearer = someone()) =>
    signClaims(relay, present({ ...sessionClaims(relay, bearer), ...over }));
  return {
    relay,
    foreign: foreignKeys(),
    someone,
    claims: (bearer) => sessionClaims(relay, bearer),
    header: () => ({ alg: 'RS256', kid: relay.key.kid, typ: 'JWT', cat: tokenCategory.session }),
    withClaims,
    withHeader: (over, bearer = someone()) => signClaims(relay, sessionClaims(relay, bearer), present(over)),
  };
}

function present(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  // JSON leaves undefined out by itself; a header spread needs it gone.
  return { ...values };
}
