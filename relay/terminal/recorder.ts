// Records a session's output: raw bytes in batches (100 ms or 128 KB, never a row a frame), each batch's
// hash chained over the one before. What is committed is safe; what is pending the agent still holds.
import { createHash } from 'node:crypto';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import type { RecordingEvent } from '#protocol/records.ts';

const BATCH_MS = 100;
const BATCH_BYTES = 128 * 1024;
const PAGE_BYTES = 256 * 1024;
const PAGE_ROWS = 500;
const RETRY_MS = 1000;
/** A recording that cannot be written for this long ends the session. */
const GIVE_UP_MS = 10_000;

/** SHA-256 that the first row chains over. */
const CHAIN_START = '0'.repeat(64);

export interface RecorderOptions {
  readonly storage: DurableObjectStorage;
  readonly now: () => number;
  /** More is committed than before. */
  readonly onCommitted: () => void;
  /** Nothing could be written for ten seconds, and nothing more will be tried. */
  readonly onFailed: (error: unknown) => void;
}

/** What is not written yet, in the order in which it happened. */
type Part =
  | { readonly kind: 'output'; readonly at: number; readonly chunks: Uint8Array[] }
  | { readonly kind: 'resize'; readonly at: number; readonly size: TerminalSize };

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #sql: SqlStorage;
  #pending: Part[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #failingSince: number | null = null;
  #gaveUp = false;
  #committedBytes: number;
  #receivedBytes: number;
  #hash: string;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#sql = options.storage.sql;
    const [end] = this.#sql
      .exec<{ bytes: number | null }>(
        "SELECT MAX(offset + LENGTH(data)) AS bytes FROM recording WHERE kind = 'output'",
      )
      .toArray();
    const [last] = this.#sql
      .exec<{ hash: string }>('SELECT hash FROM recording ORDER BY id DESC LIMIT 1')
      .toArray();
    this.#committedBytes = end?.bytes ?? 0;
    this.#receivedBytes = this.#committedBytes;
    this.#hash = last?.hash ?? CHAIN_START;
  }

  get committedBytes(): number {
    return this.#committedBytes;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Hex; covers every committed batch and resize in order. */
  get sha256(): string {
    return this.#hash;
  }

  /** The first row. @throws when it cannot be written: then there is no session */
  begin(size: TerminalSize): void {
    this.#pending = [{ kind: 'resize', at: this.#options.now(), size }];
    this.#write();
  }

  /** Take output that begins at `receivedBytes`. The bytes are kept, not copied. */
  append(payload: Uint8Array): void {
    const last = this.#pending.at(-1);
    if (last?.kind === 'output') last.chunks.push(payload);
    else this.#pending.push({ kind: 'output', at: this.#options.now(), chunks: [payload] });
    this.#receivedBytes += payload.length;
    if (this.#receivedBytes - this.#committedBytes >= BATCH_BYTES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  /** The screen's size from here on. */
  resized(size: TerminalSize): void {
    this.#pending.push({ kind: 'resize', at: this.#options.now(), size });
    this.flush();
  }

  /** Write what is pending now. What cannot be written is tried again: until then nothing counts as committed. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#pending.length === 0 || this.#gaveUp) return;
    try {
      this.#write();
    } catch (error) {
      const now = this.#options.now();
      this.#failingSince ??= now;
      this.#gaveUp = now - this.#failingSince >= GIVE_UP_MS;
      if (this.#gaveUp) this.#options.onFailed(error);
      else this.#timer = setTimeout(() => this.flush(), RETRY_MS);
      return;
    }
    this.#failingSince = null;
    this.#options.onCommitted();
  }

  /** Up to `maxBytes` of output from `offsetBytes`; empty at the end. */
  read(offsetBytes: number, maxBytes: number): Uint8Array {
    if (offsetBytes >= this.#committedBytes) {
      let start = this.#committedBytes;
      for (const chunk of this.#pending.flatMap((part) => (part.kind === 'output' ? part.chunks : []))) {
        if (offsetBytes < start + chunk.length) {
          return chunk.subarray(offsetBytes - start, offsetBytes - start + maxBytes);
        }
        start += chunk.length;
      }
      return new Uint8Array(0);
    }
    const { offset, data } = this.#sql
      .exec<{ offset: number; data: ArrayBuffer }>(
        "SELECT offset, data FROM recording WHERE kind = 'output' AND offset <= ? ORDER BY offset DESC LIMIT 1",
        offsetBytes,
      )
      .one();
    return new Uint8Array(data).subarray(offsetBytes - offset, offsetBytes - offset + maxBytes);
  }

  /** Recorded events after `cursor`; a null `nextCursor` means that there are no more. */
  page(cursor: number | null): { events: RecordingEvent[]; nextCursor: number | null } {
    this.flush();
    const rows = this.#sql.exec<{
      id: number;
      kind: string;
      at: number;
      offset: number;
      data: ArrayBuffer | null;
      cols: number | null;
      rows: number | null;
    }>(
      'SELECT id, kind, at, offset, data, cols, rows FROM recording WHERE id > ? ORDER BY id LIMIT ?',
      cursor ?? 0,
      PAGE_ROWS,
    );
    const events: RecordingEvent[] = [];
    let bytes = 0;
    let lastId = cursor ?? 0;
    for (const row of rows) {
      if (bytes >= PAGE_BYTES) break;
      lastId = row.id;
      if (row.data === null) {
        const { at, offset, cols, rows: lines } = row;
        events.push({ kind: 'resize', at, offsetBytes: offset, cols: cols ?? 80, rows: lines ?? 24 });
      } else {
        const data = new Uint8Array(row.data);
        bytes += data.length;
        events.push({ kind: 'output', at: row.at, offsetBytes: row.offset, data: data.toBase64() });
      }
    }
    const more = this.#sql.exec('SELECT 1 FROM recording WHERE id > ? LIMIT 1', lastId).toArray().length > 0;
    return { events, nextCursor: more ? lastId : null };
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** All that is pending or nothing of it. */
  #write(): void {
    let hash = this.#hash;
    let offset = this.#committedBytes;
    this.#options.storage.transactionSync(() => {
      for (const part of this.#pending) {
        const data = part.kind === 'output' ? joined(part.chunks) : null;
        const size = part.kind === 'resize' ? part.size : null;
        const { kind, at } = part;
        hash = batchHash(hash, { kind, at, offset, size }, data);
        this.#sql.exec(
          'INSERT INTO recording (kind, at, offset, data, cols, rows, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
          kind,
          at,
          offset,
          data,
          size?.cols ?? null,
          size?.rows ?? null,
          hash,
        );
        offset += data?.length ?? 0;
      }
    });
    this.#hash = hash;
    this.#pending = [];
    this.#committedBytes = offset;
  }
}

/** Hex SHA-256 over the hash before, a line of JSON about the batch, and its bytes. */
export function batchHash(
  previousHash: string,
  about: { kind: string; at: number; offset: number; size: TerminalSize | null },
  data: Uint8Array | null,
): string {
  const { kind, at, offset, size } = about;
  const line = JSON.stringify({ kind, at, offset, cols: size?.cols ?? null, rows: size?.rows ?? null });
  return createHash('sha256')
    .update(`${previousHash}\n${line}\n`)
    .update(data ?? new Uint8Array(0))
    .digest('hex');
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  const bytes = new Uint8Array(chunks.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
