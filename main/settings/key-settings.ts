// The keys that a person has changed, in a file of their own: a broken one costs keys, never the known clients.
import { z } from 'zod';
import { KeyChanges } from '#contract/key-changes.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

const KeyFile = z.object({ version: z.literal(1), keys: KeyChanges });

export class KeySettings {
  readonly #file: string;
  #changes: KeyChanges;
  /** Set when an unreadable file was moved away at the start. */
  readonly setAside: string | null;

  constructor(file: string, now: () => Date) {
    this.#file = file;
    const read = readJsonFile(file, KeyFile, now);
    this.setAside = read.kind === 'set_aside' ? read.movedTo : null;
    this.#changes = read.kind === 'value' ? read.value.keys : {};
  }

  get changes(): KeyChanges {
    return this.#changes;
  }

  change(changes: KeyChanges): void {
    writeJsonFile(this.#file, { version: 1, keys: changes });
    this.#changes = changes;
  }
}
