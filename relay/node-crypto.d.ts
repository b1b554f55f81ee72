// The part of node:crypto that the relay uses. workerd has it; @cloudflare/workers-types does not
// declare it, and @types/node would bring Node's globals with it.
declare module 'node:crypto' {
  interface Digest {
    update(data: string | Uint8Array): Digest;
    digest(): Uint8Array<ArrayBuffer>;
    digest(encoding: 'hex' | 'base64url'): string;
  }
  export function createHash(algorithm: 'sha256'): Digest;
  export function hash(
    algorithm: 'sha256',
    data: string | Uint8Array,
    outputEncoding: 'buffer',
  ): Uint8Array<ArrayBuffer>;
  export function createHmac(algorithm: 'sha256', key: Uint8Array): Digest;
  export function hkdfSync(
    algorithm: 'sha256',
    key: string,
    salt: string,
    info: string,
    lengthBytes: number,
  ): ArrayBuffer;
  export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean;
}
