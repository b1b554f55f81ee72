// The Clerk client token of one partition: what keeps this device known. It never leaves main.
import { readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { parseJson, writeJsonFile } from '../settings/json-file.ts';

/** Encrypts for this user of this computer, or null where no real key store is there. */
export interface SecretBox {
  readonly seal: (secret: string) => Buffer;
  readonly open: (sealed: Buffer) => string;
}

/** Where a partition's client token is. */
export interface TokenPlace {
  readonly get: () => string | null;
  readonly set: (token: string) => void;
  readonly forget: () => void;
}

const SealedFile = z.object({ version: z.literal(1), sealed: z.base64() });

/** For a partition that leaves nothing behind. */
export function tokenInMemory(): TokenPlace {
  let kept: string | null = null;
  return {
    get: () => kept,
    set: (token) => {
      kept = token;
    },
    forget: () => {
      kept = null;
    },
  };
}

export class ClientToken implements TokenPlace {
  readonly #file: string;
  readonly #box: SecretBox | null;
  #token: string | null;

  /** @param box null: memory only, and whatever an earlier start left behind is removed */
  constructor(file: string, box: SecretBox | null) {
    this.#file = file;
    this.#box = box;
    this.#token = box === null ? null : readSealed(file, box);
    if (this.#token === null) rmSync(file, { force: true });
  }

  get(): string | null {
    return this.#token;
  }

  set(token: string): void {
    if (token === this.#token) return;
    this.#token = token;
    if (this.#box !== null)
      writeJsonFile(this.#file, { version: 1, sealed: this.#box.seal(token).toString('base64') });
  }

  forget(): void {
    this.#token = null;
    rmSync(this.#file, { force: true });
  }
}

/** Null for a missing file, a foreign form, and what another user's key store sealed. */
function readSealed(file: string, box: SecretBox): string | null {
  try {
    const read = SealedFile.safeParse(parseJson(readFileSync(file, 'utf8')));
    return read.success ? box.open(Buffer.from(read.data.sealed, 'base64')) : null;
  } catch {
    return null;
  }
}
