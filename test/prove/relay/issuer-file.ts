import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ProvenRelay } from './proven-relay.ts';

const IssuerFile = z.strictObject({ issuer: z.url(), kid: z.string().min(1), privateKeyPem: z.string() });

/** Who signs the tokens that a relay elsewhere believes. Throws with the file's fault. */
export function readIssuer(file: string): Pick<ProvenRelay, 'issuer' | 'key'> {
  const { issuer, kid, privateKeyPem } = IssuerFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  const privateKey = createPrivateKey(privateKeyPem);
  const publicKey = createPublicKey(privateKey);
  const { n, e } = z.object({ n: z.string(), e: z.string() }).parse(publicKey.export({ format: 'jwk' }));
  return {
    issuer,
    key: {
      kid,
      privateKey,
      publicKeyPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
      jwk: { kty: 'RSA', n, e, kid, use: 'sig', alg: 'RS256' },
    },
  };
}
