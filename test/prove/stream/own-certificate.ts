// A certificate for localhost that signs itself, good for a day: what a receiver inside an operator's network has.
// Node makes keys and signatures; the few structures around them (RFC 5280, DER) are written here.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const tagged = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const size = body.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const sequence = (...parts: readonly Uint8Array[]) => tagged(0x30, ...parts);
const oid = (hex: string) => tagged(0x06, Buffer.from(hex, 'hex'));
const octets = (...parts: readonly Uint8Array[]) => tagged(0x04, ...parts);
const time = (at: number) => {
  const digits = new Date(at).toISOString().replaceAll(/\D/g, '');
  return tagged(0x18, Buffer.from(`${digits.slice(0, 14)}Z`));
};

const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));
const SUBJECT_ALT_NAME = oid('551d11');
const BASIC_CONSTRAINTS = oid('551d13');
const COMMON_NAME = oid('550403');
const TRUE = Buffer.from([0x01, 0x01, 0xff]);
const DAY_MS = 24 * 3600_000;

export interface OwnCertificate {
  /** PEM, both. */
  readonly key: string;
  readonly cert: string;
}

export function ownCertificate(): OwnCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(tagged(0x31, sequence(COMMON_NAME, tagged(0x0c, Buffer.from('localhost')))));
  const localhost = sequence(tagged(0x82, Buffer.from('localhost')));
  const extensions = sequence(
    sequence(SUBJECT_ALT_NAME, octets(localhost)),
    sequence(BASIC_CONSTRAINTS, TRUE, octets(sequence(TRUE))),
  );
  const serial = randomBytes(8);
  serial[0] = 0x40 | ((serial[0] ?? 0) >> 2);
  const signed = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, serial),
    ECDSA_SHA256,
    name,
    sequence(time(Date.now() - DAY_MS), time(Date.now() + DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, extensions),
  );
  const signature = tagged(0x03, Buffer.from([0]), sign('sha256', signed, privateKey));
  const der = sequence(signed, ECDSA_SHA256, signature).toString('base64');
  const lines = der.match(/.{1,64}/g) ?? [];
  const cert = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert };
}
