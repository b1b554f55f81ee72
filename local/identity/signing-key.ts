import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const fileName = 'signing-key.json';

const keyFile = z.strictObject({ kid: z.string().regex(/^ins_[0-9A-Za-z]{27}$/), privateKeyPem: z.string() });

export type SigningKey = {
  /** Clerk uses the instance id as key id. */
  kid: string;
  privateKey: KeyObject;
  /** SPKI PEM, what Clerk calls the JWT key. */
  publicKeyPem: string;
  jwk: { kty: 'RSA'; n: string; e: string; kid: string; use: 'sig'; alg: 'RS256' };
};

/**
 * The RSA key of the local instance, from `<stateDir>/signing-key.json`. Throws where there is none or it is
 * damaged: callers other than the server itself are tests, which have started the server before.
 */
export function loadSigningKey(stateDir: string): SigningKey {
  const stored = keyFile.parse(JSON.parse(readFileSync(join(stateDir, fileName), 'utf8')));
  const privateKey = createPrivateKey(stored.privateKeyPem);
  const publicKey = createPublicKey(privateKey);
  const jwk = z.object({ n: z.string(), e: z.string() }).parse(publicKey.export({ format: 'jwk' }));
  return {
    kid: stored.kid,
    privateKey,
    publicKeyPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    jwk: { kty: 'RSA', n: jwk.n, e: jwk.e, kid: stored.kid, use: 'sig', alg: 'RS256' },
  };
}

/** Loads the key, making it once with mode 0600. @clerk/backend's PEM reader expects 2048 bits. */
export function ensureSigningKey(stateDir: string, newId: (prefix: string) => string): SigningKey {
  mkdirSync(stateDir, { recursive: true });
  const file = join(stateDir, fileName);
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const privateKeyPem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const temporary = `${file}.new`;
    writeFileSync(temporary, JSON.stringify({ kid: newId('ins'), privateKeyPem }, null, 2), { mode: 0o600 });
    renameSync(temporary, file);
  }
  chmodSync(file, 0o600);
  return loadSigningKey(stateDir);
}
