// Signed notes and checkpoints as C2SP describes them (signed-note, tlog-checkpoint, tlog-cosignature):
// reading, checking, and for a witness co-signing. Ed25519 only.
import { createHash, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

const ED25519 = 1;
const COSIGNATURE_V1 = 4;

export interface VerifierKey {
  readonly name: string;
  /** Hex of four bytes. */
  readonly hash: string;
  readonly witness: boolean;
  readonly key: KeyObject;
  /** As it was given. */
  readonly text: string;
}

export interface NoteSignature {
  readonly name: string;
  readonly hash: string;
  readonly bytes: Buffer;
}

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
  readonly signedAt: string;
  /** What the signatures are over. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
  readonly note: string;
}

/** `<name>+<key hash>+<base64>`; null for anything else. */
export function readVerifierKey(text: string): VerifierKey | null {
  const found = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  const [, name, hash, base64] = found ?? [];
  if (name === undefined || hash === undefined || base64 === undefined) return null;
  const typed = strictBase64(base64);
  const type = typed?.[0];
  if (typed?.length !== 33 || (type !== ED25519 && type !== COSIGNATURE_V1)) return null;
  if (keyHash(name, typed) !== hash) return null;
  const x = typed.subarray(1).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return { name, hash, witness: type === COSIGNATURE_V1, key, text: text.trim() };
}

export function witnessKeyText(name: string, key: KeyObject): string {
  const typed = Buffer.concat([Buffer.from([COSIGNATURE_V1]), rawPublicKey(key)]);
  return `${name}+${keyHash(name, typed)}+${typed.toString('base64')}`;
}

/** Null for anything but a checkpoint of ours, byte for byte. */
export function readCheckpoint(note: string): Checkpoint | null {
  const found =
    /^([^\s+]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\nsigned-at (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\n\n((?:\u2014 [^\s+]+ [A-Za-z0-9+/=]+\n)+)$/.exec(
      note,
    );
  const [, origin, count, base64, signedAt, lines] = found ?? [];
  if (origin === undefined || base64 === undefined || signedAt === undefined || lines === undefined)
    return null;
  const root = strictBase64(base64);
  const signatures = lines.trimEnd().split('\n').map(readSignature);
  if (root === null || !signatures.every((signature) => signature !== null)) return null;
  const text = note.slice(0, note.indexOf('\n\n') + 1);
  return { origin, size: Number(count), root, signedAt, text, signatures, note };
}

/** Is this signature by this key, under this checkpoint? */
export function holds(checkpoint: Checkpoint, signature: NoteSignature, key: VerifierKey): boolean {
  if (signature.name !== key.name || signature.hash !== key.hash) return false;
  if (!key.witness) {
    return (
      signature.bytes.length === 64 && verify(null, Buffer.from(checkpoint.text), key.key, signature.bytes)
    );
  }
  if (signature.bytes.length !== 72) return false;
  const seconds = signature.bytes.readBigUInt64BE(0);
  return verify(null, cosigned(seconds, checkpoint.text), key.key, signature.bytes.subarray(8));
}

/** The note with the witness's line added. */
export function cosign(checkpoint: Checkpoint, name: string, key: KeyObject, atMs: number): string {
  const seconds = BigInt(Math.floor(atMs / 1000));
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(seconds);
  const typed = Buffer.concat([Buffer.from([COSIGNATURE_V1]), rawPublicKey(createPublicKey(key))]);
  const bytes = Buffer.concat([
    Buffer.from(keyHash(name, typed), 'hex'),
    time,
    sign(null, cosigned(seconds, checkpoint.text), key),
  ]);
  return `${checkpoint.note}\u2014 ${name} ${bytes.toString('base64')}\n`;
}

export function strictBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

function readSignature(line: string): NoteSignature | null {
  const [, name, base64] = line.split(' ');
  const bytes = strictBase64(base64 ?? '');
  if (name === undefined || bytes === null || bytes.length < 5) return null;
  return { name, hash: bytes.subarray(0, 4).toString('hex'), bytes: bytes.subarray(4) };
}

function cosigned(seconds: bigint, text: string): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
}

function keyHash(name: string, typed: Buffer): string {
  return createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4).toString('hex');
}

function rawPublicKey(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
}
