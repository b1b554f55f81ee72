import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** The machine's Ed25519 key pair. It never leaves the state folder. */
export interface MachineKey {
  /** Raw 32 bytes, base64url. */
  readonly publicKey: string;
  /** Ed25519 signature over the UTF-8 text, base64url. */
  sign(text: string): string;
}

const PublicJwk = z.object({ x: z.string() });

export function createMachineKeyPem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** @throws when the text is not an Ed25519 private key */
export function machineKeyFromPem(pem: string): MachineKey {
  const privateKey: KeyObject = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error('not an Ed25519 key');
  const { x } = PublicJwk.parse(createPublicKey(privateKey).export({ format: 'jwk' }));
  return {
    publicKey: x,
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64url'),
  };
}
