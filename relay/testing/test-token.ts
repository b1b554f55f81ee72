import { importPKCS8, SignJWT } from 'jose';
import { ulid } from '#protocol/ids.ts';
import { signingKeyPem, testConfig } from './test-env.ts';

/** An id like Clerk's: prefix and 27 base62 characters, new every time. */
export function newId(prefix: 'org' | 'user' | 'sess'): string {
  return `${prefix}_${ulid(Date.now(), (bytes) => crypto.getRandomValues(bytes))}x`;
}

export interface TokenChoices {
  readonly org?: string;
  readonly userId?: string;
  readonly sid?: string;
  readonly role?: string;
  /** Minutes since the first and the second factor. */
  readonly fva?: readonly [number, number];
  readonly header?: Readonly<Record<string, unknown>>;
  /** Replaces or adds claims; undefined removes one. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly lifetimeSeconds?: number;
}

/** The claims of a session token as Clerk issues them. */
export function tokenClaims(choices: TokenChoices = {}): Record<string, unknown> {
  const iat = Math.floor(Date.now() / 1000);
  const claims: Record<string, unknown> = {
    v: 2,
    iss: testConfig().clerk.issuer,
    sub: choices.userId ?? newId('user'),
    sid: choices.sid ?? newId('sess'),
    jti: ulid(Date.now(), (bytes) => crypto.getRandomValues(bytes)),
    iat,
    nbf: iat - 10,
    exp: iat + (choices.lifetimeSeconds ?? 60),
    sts: 'active',
    fva: choices.fva ?? [0, -1],
    o: { id: choices.org ?? newId('org'), rol: choices.role ?? 'technician', slg: 'demo' },
    name: 'Test Person',
    ...choices.claims,
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

export const SESSION_HEADER = { alg: 'RS256', typ: 'JWT', kid: 'test', cat: 'cl_B7d4PD111AAA' } as const;

/** A token signed with the key that the relay trusts. */
export async function testToken(choices: TokenChoices = {}): Promise<string> {
  const key = await importPKCS8(signingKeyPem(), 'RS256');
  return new SignJWT(tokenClaims(choices))
    .setProtectedHeader({ ...SESSION_HEADER, ...choices.header })
    .sign(key);
}

/** Signs exactly this text as the body, which a JSON library would never write. */
export async function signText(header: string, body: string): Promise<string> {
  const key = await importPKCS8(signingKeyPem(), 'RS256');
  const part = (text: string): string =>
    new TextEncoder().encode(text).toBase64({ alphabet: 'base64url', omitPadding: true });
  const input = `${part(header)}.${part(body)}`;
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, new TextEncoder().encode(input));
  return `${input}.${new Uint8Array(signature).toBase64({ alphabet: 'base64url', omitPadding: true })}`;
}
