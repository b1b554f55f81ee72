import { randomBytes } from 'node:crypto';
import type { Role } from '#protocol/records.ts';
import { signToken, tokenCategory } from '../../../local/identity/tokens.ts';
import type { ProvenRelay } from '../relay/proven-relay.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** An id as Clerk makes them: prefix and 27 base62 characters. */
export function clerkId(prefix: 'org' | 'user' | 'sess'): string {
  return `${prefix}_${Array.from(randomBytes(27), (byte) => BASE62.charAt(byte % 62)).join('')}`;
}

/** Whom a token speaks for. */
export interface Bearer {
  readonly org: string;
  readonly userId: string;
  readonly sid: string;
  readonly role: Role;
  readonly name?: string;
}

export type TokenIssuer = Pick<ProvenRelay, 'issuer' | 'key'>;

/** The claims of a session token as Clerk issues them, both factors verified just now. */
export function sessionClaims({ issuer }: TokenIssuer, bearer: Bearer): Record<string, unknown> {
  const iat = Math.floor(Date.now() / 1000);
  return {
    ...(bearer.name === undefined ? {} : { name: bearer.name }),
    exp: iat + 60,
    fea: 'o:console',
    fva: [0, 0],
    iat,
    iss: issuer,
    jti: randomBytes(10).toString('hex'),
    nbf: iat - 10,
    o: { fpm: '1', id: bearer.org, per: 'open', rol: bearer.role, slg: 'proof' },
    pla: 'u:free_user,o:free_org',
    sid: bearer.sid,
    sts: 'active',
    sub: bearer.userId,
    v: 2,
  };
}

/** What the identity service would sign for this person. */
export function mintToken(issuer: TokenIssuer, bearer: Bearer): string {
  return signClaims(issuer, sessionClaims(issuer, bearer));
}

/** Signs claims as a session token, whatever they say. */
export function signClaims(
  { key }: TokenIssuer,
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
): string {
  return signToken(key, claims, {
    cat: tokenCategory.session,
    oiat: Math.floor(Date.now() / 1000),
    ...header,
  });
}

const REUSED_FOR_MS = 15_000;

/** The same token again for a while: signing is the dearest thing that a proof does. */
export function tokenSource(make: () => string): () => string {
  let token = '';
  let madeAt = -Infinity;
  return () => {
    if (performance.now() - madeAt > REUSED_FOR_MS) {
      token = make();
      madeAt = performance.now();
    }
    return token;
  };
}
