// Tokens as no JSON or JWT library writes them: parts put together by hand.
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Signs exactly these two texts with RS256. */
export function signTexts(header: string, body: string, key: KeyObject): string {
  const input = `${encode(header)}.${encode(body)}`;
  return `${input}.${sign('RSA-SHA256', Buffer.from(input), key).toString('base64url')}`;
}

/** Signs bytes as the body, which need not be text. */
export function signBytes(header: string, body: Uint8Array, key: KeyObject): string {
  const input = `${encode(header)}.${Buffer.from(body).toString('base64url')}`;
  return `${input}.${sign('RSA-SHA256', Buffer.from(input), key).toString('base64url')}`;
}

export function signWithSecret(
  header: Record<string, unknown>,
  claims: unknown,
  hash: 'sha256' | 'sha384' | 'sha512',
  secret: string | Buffer,
): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`;
}

export function signWith(
  header: Record<string, unknown>,
  claims: unknown,
  makeSignature: (input: Buffer) => Buffer,
): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${makeSignature(Buffer.from(input)).toString('base64url')}`;
}

export function partsOf(token: string): [header: string, body: string, signature: string] {
  const [header = '', body = '', signature = ''] = token.split('.');
  return [header, body, signature];
}

/** Keys of nobody whom the relay knows. */
export function foreignKeys() {
  return {
    rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    ed: generateKeyPairSync('ed25519'),
  };
}
