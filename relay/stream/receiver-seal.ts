// A receiver's address and token, encrypted where they are stored (AES-256-GCM, a key from RELAY_SECRET): a copy of the
// database alone gives nobody a way into the organization's other systems. What signs batches is not stored at all.
import { StreamReceiver } from '#protocol/stream.ts';
import { deriveKey } from '../auth/sealed-text.ts';

const IV_BYTES = 12;

interface Sealing {
  readonly org: string;
  readonly relaySecret: string;
  readonly revision: string;
}

export async function sealReceiver(
  sealing: Sealing,
  receiver: StreamReceiver,
  random: (bytes: Uint8Array) => void,
): Promise<Uint8Array> {
  const iv = new Uint8Array(IV_BYTES);
  random(iv);
  const text = new TextEncoder().encode(JSON.stringify(receiver));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await keyOf(sealing), text);
  const bytes = new Uint8Array(IV_BYTES + sealed.byteLength);
  bytes.set(iv);
  bytes.set(new Uint8Array(sealed), IV_BYTES);
  return bytes;
}

/** Null when RELAY_SECRET is not the one that it was stored with. */
export async function openReceiver(sealing: Sealing, sealed: ArrayBuffer): Promise<StreamReceiver | null> {
  const iv = sealed.slice(0, IV_BYTES);
  const text = await crypto.subtle
    .decrypt({ name: 'AES-GCM', iv }, await keyOf(sealing), sealed.slice(IV_BYTES))
    .catch(() => null);
  return text === null ? null : StreamReceiver.parse(JSON.parse(new TextDecoder().decode(text)));
}

/** The key that signs this stream's batches. */
export function signingKey({ org, relaySecret, revision }: Sealing): Uint8Array {
  return deriveKey(relaySecret, `stream signature ${org} ${revision}`);
}

function keyOf({ org, relaySecret, revision }: Sealing): Promise<CryptoKey> {
  const key = deriveKey(relaySecret, `stream receiver ${org} ${revision}`);
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
}
