// Strict base64url: one text for one value, so that a signed text has exactly one spelling.

export function toBase64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
}

/** Decode; null for padding, foreign characters or unused bits that are not zero. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: 'base64url', lastChunkHandling: 'loose' });
    return toBase64url(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}
