// Texts that the relay issues and later believes: machine credentials, session tickets, enrollment
// codes. `<prefix>.<base64url JSON>.<base64url HMAC-SHA256>`, each purpose under its own derived key.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import { fromBase64url, toBase64url } from './base64url.ts';

const SEALED_MAX_LENGTH = 1024;

/** One 256-bit key a purpose, from RELAY_SECRET. */
export function deriveKey(relaySecret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', relaySecret, 'caisey relay v1', purpose, 32));
}

export function seal(relaySecret: string, prefix: string, value: unknown): string {
  const body = `${prefix}.${toBase64url(new TextEncoder().encode(JSON.stringify(value)))}`;
  return `${body}.${mac(relaySecret, prefix, body)}`;
}

/** The value when the text was sealed here under this prefix, else null. Expiry is the caller's. */
export function unseal<T extends z.ZodType>(
  relaySecret: string,
  prefix: string,
  schema: T,
  text: string,
): z.infer<T> | null {
  if (text.length > SEALED_MAX_LENGTH) return null;
  const [givenPrefix, payload, givenMac, ...rest] = text.split('.');
  if (givenPrefix !== prefix || payload === undefined || givenMac === undefined || rest.length > 0)
    return null;
  const expected = new TextEncoder().encode(mac(relaySecret, prefix, `${prefix}.${payload}`));
  const given = new TextEncoder().encode(givenMac);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null;
  const bytes = fromBase64url(payload);
  if (bytes === null) return null;
  const parsed = schema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
  return parsed.success ? parsed.data : null;
}

function mac(relaySecret: string, prefix: string, body: string): string {
  return createHmac('sha256', deriveKey(relaySecret, prefix)).update(body).digest('base64url');
}
