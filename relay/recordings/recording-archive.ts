// Moves a finished recording from its session's object to the store, and reads it wherever it is. First it is copied, a
// part at a time; a while later every part is read back, and only when all of them hold the chain do the rows go.
// Killed at any moment it goes on from what is written down; whatever does not hold the chain is refused.
import { refuse } from '#protocol/errors.ts';
import type { Refusal } from '#protocol/errors.ts';
import type { RecordingEvent } from '#protocol/records.ts';
import { CHAIN_START, chainOver } from './recording-chain.ts';
import type { RecordedBatch } from './recording-chain.ts';
import { decodeObject, encodeObject } from './recording-object.ts';
import { hashAt, lastRow, rowsAfter } from './recording-rows.ts';
import type { RecordingStore } from './recording-store.ts';

const PAGE = { bytes: 256 * 1024, batches: 500 };
/** An object of the store: few of them a session, and small enough to be checked in memory. */
const OBJECT = { bytes: 1024 * 1024, batches: 5000 };

export type RecordingPage =
  | { readonly ok: true; readonly result: { events: RecordingEvent[]; nextCursor: number | null } }
  | Refusal;

type ObjectRow = { number: number; after_id: number; last_id: number; bytes: number; hash: string };

export interface RecordingArchiveOptions {
  readonly sql: SqlStorage;
  /** Null: there is none, and nothing is ever copied. */
  readonly store: RecordingStore | null;
  /** The session's own folder in the store. */
  readonly folder: () => string;
}

export class RecordingArchive {
  readonly #options: RecordingArchiveOptions;
  readonly #sql: SqlStorage;
  #copying: Promise<void> | null = null;

  constructor(options: RecordingArchiveOptions) {
    this.#options = options;
    this.#sql = options.sql;
  }

  /** Is there a place to copy to? */
  get isOffered(): boolean {
    return this.#options.store !== null;
  }

  /** The rows are gone: what is left is in the store. */
  get isReleased(): boolean {
    return lastRow(this.#sql) === 0 && this.#last() !== null;
  }

  /** Copy what the store has not got yet. Rejects when it does not take it: call again. */
  async copy(): Promise<void> {
    this.#copying ??= this.#copyAll().finally(() => (this.#copying = null));
    return this.#copying;
  }

  /**
   * Read every part back; when all hold the chain, let the rows go.
   * @returns false: one does not, and the next `copy` begins anew. Rejects when the store does not answer
   */
  async release(): Promise<boolean> {
    for (const part of this.#parts()) {
      if ((await this.#read(part)) !== null) continue;
      this.#sql.exec('DELETE FROM recording_objects');
      return false;
    }
    // Never more than what was read back.
    this.#sql.exec('DELETE FROM recording WHERE id <= ?', this.#last()?.last_id ?? 0);
    return true;
  }

  /**
   * Batches after `cursor` (null: from the start), checked against the chain.
   * @param sha256 the chain's end as the record of the workspace has it; null while the session runs
   */
  async page(cursor: number | null, sha256: string | null): Promise<RecordingPage> {
    const after = cursor ?? 0;
    const end = lastRow(this.#sql);
    const last = end === 0 ? this.#last() : null;
    const endHash = last === null ? hashAt(this.#sql, end) : last.hash;
    if (sha256 !== null && sha256 !== endHash)
      return refuse('recording_damaged', 'it ends otherwise than recorded');
    const batches = last === null ? this.#rows(after) : await this.#stored(after);
    if (batches === null) return refuse('recording_damaged');
    const lastId = batches.at(-1)?.id ?? after;
    const events = batches.map(({ event }) => event);
    return { ok: true, result: { events, nextCursor: lastId < (last?.last_id ?? end) ? lastId : null } };
  }

  /** Nothing of it stays, here or in the store. Rejects when the store does not answer: call again. */
  async erase(): Promise<void> {
    this.#sql.exec('DELETE FROM recording');
    this.#sql.exec('DELETE FROM recording_objects');
    // What is being written would come after the removal.
    await this.#copying?.catch(() => undefined);
    this.#sql.exec('DELETE FROM recording_objects');
    await this.#options.store?.removeFolder(this.#options.folder());
  }

  async #copyAll(): Promise<void> {
    for (;;) {
      const { number, last_id: after } = this.#last() ?? { number: -1, last_id: 0 };
      const { batches, hash } = rowsAfter(this.#sql, after, OBJECT);
      const lastId = batches.at(-1)?.id;
      if (lastId === undefined) return;
      const body = encodeObject(batches);
      await this.#stores().put(this.#key(number + 1), body);
      this.#sql.exec(
        'INSERT INTO recording_objects (number, after_id, last_id, bytes, hash) VALUES (?, ?, ?, ?, ?)',
        number + 1,
        after,
        lastId,
        body.length,
        hash,
      );
    }
  }

  #rows(after: number): RecordedBatch[] | null {
    const { batches, hash } = rowsAfter(this.#sql, after, PAGE);
    return chainOver(hashAt(this.#sql, after), batches) === hash ? batches : null;
  }

  async #stored(after: number): Promise<RecordedBatch[] | null> {
    const part = this.#parts().find(({ last_id }) => last_id > after);
    if (part === undefined) return [];
    const batches = await this.#read(part);
    return batches === null ? null : pageOf(batches.filter(({ id }) => id > after));
  }

  /** Null: it is not what was written there. */
  async #read({ number, after_id, last_id, bytes, hash }: ObjectRow): Promise<RecordedBatch[] | null> {
    const body = await this.#stores().get(this.#key(number), bytes);
    const batches = body === null ? null : decodeObject(body);
    if (batches === null) return null;
    // The chain says nothing of ids.
    const inOrder = batches.every(({ id }, index) => id === after_id + 1 + index);
    if (!inOrder || batches.at(-1)?.id !== last_id) return null;
    const [before] = this.#sql
      .exec<{ hash: string }>('SELECT hash FROM recording_objects WHERE last_id = ?', after_id)
      .toArray();
    return chainOver(before?.hash ?? CHAIN_START, batches) === hash ? batches : null;
  }

  #parts(): ObjectRow[] {
    return this.#sql.exec<ObjectRow>('SELECT * FROM recording_objects ORDER BY number').toArray();
  }

  #last(): ObjectRow | null {
    const [row] = this.#sql
      .exec<ObjectRow>('SELECT * FROM recording_objects ORDER BY number DESC LIMIT 1')
      .toArray();
    return row ?? null;
  }

  #key(number: number): string {
    return `${this.#options.folder()}/${number}`;
  }

  #stores(): RecordingStore {
    const { store } = this.#options;
    if (store === null) throw new Error('Neither RECORDINGS nor RECORDINGS_FOLDER is bound.');
    return store;
  }
}

function pageOf(batches: readonly RecordedBatch[]): RecordedBatch[] {
  let bytes = 0;
  const end = batches.findIndex(({ event }, index) => {
    if (bytes >= PAGE.bytes || index >= PAGE.batches) return true;
    bytes += event.kind === 'output' ? (event.data.length * 3) / 4 : 0;
    return false;
  });
  return batches.slice(0, end === -1 ? undefined : end);
}
