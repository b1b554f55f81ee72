// Text that an event must prove and must not show (the query of a near-miss usually is another
// client's machine name): a salted hash goes into the public line, salt and text stay in one table,
// where they can be erased without touching a line.
import { createHash } from 'node:crypto';

export interface Sealed {
  readonly sealedId: number;
  /** Hex of SHA-256 over 16 random bytes and the text's UTF-8. */
  readonly hash: string;
}

export function sealText(sql: SqlStorage, random: (bytes: Uint8Array) => void, text: string): Sealed {
  const salt = new Uint8Array(16);
  random(salt);
  const hash = createHash('sha256').update(salt).update(text).digest('hex');
  const { sealed_id: sealedId } = sql
    .exec<{ sealed_id: number }>(
      'INSERT INTO sealed (salt, text) VALUES (?, ?) RETURNING sealed_id',
      salt.toHex(),
      text,
    )
    .one();
  return { sealedId, hash };
}
