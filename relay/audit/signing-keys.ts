// Keys that sign a workspace's checkpoints: Ed25519, made from RELAY_SECRET, the organization and a number,
// so that no private key is stored. The newest number signs, and the one before it beside it: whoever trusts
// a key goes on trusting through one rotation.
import { keyHashOf, originOf, verifierKey } from '#protocol/evidence/checkpoint.ts';
import type { NoteSignature } from '#protocol/evidence/checkpoint.ts';
import { fromBase64url, toBase64url } from '../auth/base64url.ts';
import { deriveKey } from '../auth/sealed-text.ts';
import { appendEvent } from './append-event.ts';
import type { NewEvent } from './append-event.ts';
import type { AuditSigner } from './audit-signer.ts';
import { sha256 } from './sha256.ts';

export interface KnownKey {
  readonly number: number;
  /** C2SP verifier key: what a verifier is given. */
  readonly verifierKey: string;
  readonly keyHash: Uint8Array;
  /** Epoch ms. */
  readonly since: number;
}

/** Who asked for a new key; nobody where one begins by itself. */
type Cause = Pick<NewEvent<'checkpoint.key_changed'>, 'actor' | 'device' | 'correlationId'>;

interface SigningKey {
  readonly number: number;
  readonly publicKey: Uint8Array;
  readonly privateKey: CryptoKey;
}

/** DER around a raw Ed25519 private key (RFC 8410 §7, PKCS 8). */
const PKCS8_PREFIX = Uint8Array.fromHex('302e020100300506032b657004220420');

/** Every key that ever signed here, newest first; makes the first one. */
export async function knownKeys(signer: AuditSigner): Promise<KnownKey[]> {
  await currentKey(signer);
  const name = originOf(signer.org);
  return storedKeys(signer).map(({ number, public_key: key, since }) => ({
    number,
    verifierKey: verifierKey(sha256, name, bytesOf(key)),
    keyHash: keyHashOf(sha256, name, bytesOf(key)),
    since,
  }));
}

/** Signatures under the text by the newest key and, where RELAY_SECRET still makes it, the one before. */
export async function signNote(signer: AuditSigner, text: string): Promise<NoteSignature[]> {
  const newest = await currentKey(signer);
  const before = newest.number > 1 ? await storedKeyOf(signer, newest.number - 1) : null;
  const name = originOf(signer.org);
  const bytes = new TextEncoder().encode(text);
  return Promise.all(
    [newest, before]
      .filter((key) => key !== null)
      .map(async ({ publicKey, privateKey }) => ({
        name,
        keyHash: keyHashOf(sha256, name, publicKey),
        signature: new Uint8Array(await crypto.subtle.sign({ name: 'Ed25519' }, privateKey, bytes)),
      })),
  );
}

/** Begin the next key; its first line in the record is a checkpoint's signed by both. */
export async function rotateKey(signer: AuditSigner, by: Cause): Promise<KnownKey[]> {
  const { number } = await currentKey(signer);
  beginKey(signer, await makeKey(signer, number + 1), by);
  return knownKeys(signer);
}

/** The newest key; the next one begins by itself when RELAY_SECRET is not what made the last. */
async function currentKey(signer: AuditSigner): Promise<SigningKey> {
  const newest = storedKeys(signer)[0]?.number ?? 0;
  const stored = newest === 0 ? null : await storedKeyOf(signer, newest);
  if (stored !== null) return stored;
  const key = await makeKey(signer, newest + 1);
  beginKey(signer, key);
  return key;
}

function beginKey(signer: AuditSigner, { number, publicKey }: SigningKey, by?: Cause): void {
  const { sql, storage, now, org } = signer;
  storage.transactionSync(() => {
    const begun = sql.exec(
      'INSERT OR IGNORE INTO signing_keys (number, public_key, since) VALUES (?, ?, ?)',
      number,
      toBase64url(publicKey),
      now(),
    );
    if (begun.rowsWritten === 0 || number === 1) return;
    appendEvent(signer, {
      event: 'checkpoint.key_changed',
      opId: `checkpoint.key:${number}`,
      ...(by ?? { actor: { system: 'relay' }, device: null, correlationId: `checkpoint.key:${number}` }),
      fields: { number, verifier_key: verifierKey(sha256, originOf(org), publicKey) },
    });
  });
}

/** Null when RELAY_SECRET makes another key under this number than it did. */
async function storedKeyOf(signer: AuditSigner, number: number): Promise<SigningKey | null> {
  const stored = storedKeys(signer).find((key) => key.number === number);
  const key = await makeKey(signer, number);
  return stored?.public_key === toBase64url(key.publicKey) ? key : null;
}

async function makeKey({ org, config }: AuditSigner, number: number): Promise<SigningKey> {
  const pkcs8 = new Uint8Array(PKCS8_PREFIX.length + 32);
  pkcs8.set(PKCS8_PREFIX);
  pkcs8.set(deriveKey(config.relaySecret, `checkpoint ${org} ${number}`), PKCS8_PREFIX.length);
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'Ed25519' }, true, ['sign']);
  const jwk = await crypto.subtle.exportKey('jwk', privateKey);
  if (jwk instanceof ArrayBuffer || jwk.x === undefined)
    throw new Error('An Ed25519 key without its public half.');
  return { number, publicKey: bytesOf(jwk.x), privateKey };
}

function storedKeys({ sql }: AuditSigner): { number: number; public_key: string; since: number }[] {
  return sql
    .exec<{ number: number; public_key: string; since: number }>(
      'SELECT number, public_key, since FROM signing_keys ORDER BY number DESC',
    )
    .toArray();
}

function bytesOf(base64url: string): Uint8Array {
  const bytes = fromBase64url(base64url);
  if (bytes === null) throw new Error('A stored key that is not base64url.');
  return bytes;
}
