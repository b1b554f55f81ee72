// Checkpoints: a tree head as signed note, byte for byte as C2SP tlog-checkpoint and signed-note say it.
//
//   caisey.audit/org_…            origin, and name of the key
//   812                           events
//   CsUYapGGPo4dkMgIAUqom/Xajj7   root, base64
//   signed-at 2026-11-24T02:31:07.120Z
//
//   — caisey.audit/org_… Az3grlg…  base64 of key hash (4 bytes) and Ed25519 signature (64)
import { fromBase64, toBase64 } from './base64.ts';
import { HASH_BYTES } from './merkle-tree.ts';
import type { Sha256 } from './merkle-tree.ts';

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Epoch ms, by the relay's clock. */
  readonly signedAt: number;
}

export interface NoteSignature {
  readonly name: string;
  readonly keyHash: Uint8Array;
  readonly signature: Uint8Array;
}

const KEY_HASH_BYTES = 4;
/** Longest note that is read: a checkpoint with many witnesses. */
export const NOTE_MAX_LENGTH = 16 * 1024;
/** Signature types of C2SP signed-note. */
const ED25519 = 1;

export function originOf(org: string): string {
  return `caisey.audit/${org}`;
}

/** What is signed: the note's text with its last line break. */
export function checkpointText({ origin, size, root, signedAt }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\nsigned-at ${new Date(signedAt).toISOString()}\n`;
}

export function signatureLine({ name, keyHash, signature }: NoteSignature): string {
  const bytes = new Uint8Array(KEY_HASH_BYTES + signature.length);
  bytes.set(keyHash);
  bytes.set(signature, KEY_HASH_BYTES);
  return `\u2014 ${name} ${toBase64(bytes)}\n`;
}

/** The whole note. */
export function signedNote(text: string, signatures: readonly NoteSignature[]): string {
  return `${text}\n${signatures.map(signatureLine).join('')}`;
}

/** Null for anything but a checkpoint as `signedNote` writes it. No signature is checked. */
export function readCheckpoint(note: string): (Checkpoint & { readonly text: string }) | null {
  const end = note.indexOf('\n\n');
  if (note.length > NOTE_MAX_LENGTH || end < 0 || !note.endsWith('\n')) return null;
  const text = note.slice(0, end + 1);
  const [origin, count, base64, extension, ...more] = text.split('\n');
  const root = fromBase64(base64 ?? '');
  const signedAt = Date.parse(extension?.replace(/^signed-at /, '') ?? '');
  if (origin === undefined || root?.length !== HASH_BYTES || more.join('') !== '') return null;
  const checkpoint = { origin, size: Number(count), root, signedAt };
  if (!Number.isSafeInteger(checkpoint.size) || checkpoint.size < 0 || Number.isNaN(signedAt)) return null;
  return checkpointText(checkpoint) === text ? { ...checkpoint, text } : null;
}

/** First four bytes of SHA-256 over name, line break, type and key: which key it claims to be. */
export function keyHashOf(sha256: Sha256, name: string, publicKey: Uint8Array): Uint8Array {
  return sha256(keyInput(name, publicKey)).slice(0, KEY_HASH_BYTES);
}

/** A verifier key of C2SP signed-note: `<name>+<key hash, hex>+<base64 of type and key>`. */
export function verifierKey(sha256: Sha256, name: string, publicKey: Uint8Array): string {
  const typed = new Uint8Array(1 + publicKey.length);
  typed[0] = ED25519;
  typed.set(publicKey, 1);
  const hex = Array.from(keyHashOf(sha256, name, publicKey), (byte) => byte.toString(16).padStart(2, '0'));
  return `${name}+${hex.join('')}+${toBase64(typed)}`;
}

/** Names are ASCII: an origin of ours. */
function keyInput(name: string, publicKey: Uint8Array): Uint8Array {
  const input = new Uint8Array(name.length + 2 + publicKey.length);
  for (let at = 0; at < name.length; at += 1) input[at] = name.charCodeAt(at);
  input[name.length] = 0x0a;
  input[name.length + 1] = ED25519;
  input.set(publicKey, name.length + 2);
  return input;
}
