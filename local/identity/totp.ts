import { createHmac, timingSafeEqual } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const stepMs = 30_000;

/** The six-digit code of RFC 6238 (SHA-1, 30 s) for a base32 secret at a time in epoch milliseconds. */
export function totpCode(secret: string, nowMs: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(nowMs / stepMs)));
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = digest.readUInt8(digest.length - 1) & 0x0f;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Accepts the code of the current step and of the one before and after it, as authenticators drift. */
export function totpMatches(secret: string, code: string, nowMs: number): boolean {
  const given = Buffer.from(code.padEnd(6).slice(0, 32));
  return [-stepMs, 0, stepMs].some((drift) => {
    const expected = Buffer.from(totpCode(secret, nowMs + drift));
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function fromBase32(text: string): Buffer {
  let bits = '';
  for (const character of text) bits += alphabet.indexOf(character).toString(2).padStart(5, '0');
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}
