// Records a session's output: raw bytes in batches (100 ms or 128 KB, never a row a frame), each batch's
// hash chained over the one before. What is committed is safe; what is pending the agent still holds.
import type { TerminalSize } from '#protocol/control/verbs.ts';
import { joinedBytes } from '#protocol/joined-bytes.ts';
import { batchHash, CHAIN_START } from '../recordings/recording-chain.ts';

const BATCH_MS = 100;
const BATCH_BYTES = 128 * 1024;
const RETRY_MS = 1000;
/** A recording that cannot be written for this long ends the session. */
const GIVE_UP_MS = 10_000;

export interface RecorderOptions {
  readonly storage: DurableObjectStorage;
  /** Of output; what is beyond `roomBytes` is not to be appended. */
  readonly maxBytes: number;
  readonly now: () => number;
  /** More is committed than before. */
  readonly onCommitted: () => void;
  /** Nothing could be written for ten seconds, and nothing more will be tried; if this throws, both are tried again. */
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
  /** Nothing more is written. */
  #over = false;
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

  /** Output that it still takes. */
  get roomBytes(): number {
    return Math.max(0, this.#options.maxBytes - this.#receivedBytes);
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

  /** Take output that begins at `receivedBytes`, `roomBytes` at most. The bytes are kept, not copied. */
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
    if (this.#pending.length === 0 || this.#over) return;
    try {
      this.#write();
    } catch (error) {
      const now = this.#options.now();
      this.#failingSince ??= now;
      if (now - this.#failingSince >= GIVE_UP_MS) this.#giveUp(error);
      else this.#retry();
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

  /** The recording ends here, with what is committed. */
  dispose(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  #giveUp(error: unknown): void {
    this.#over = true;
    try {
      this.#options.onFailed(error);
    } catch {
      // Who cannot write a recording may not be able to write its end either.
      this.#over = false;
      this.#retry();
    }
  }

  #retry(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), RETRY_MS);
  }

  /** All that is pending or nothing of it. */
  #write(): void {
    let hash = this.#hash;
    let offset = this.#committedBytes;
    this.#options.storage.transactionSync(() => {
      for (const part of this.#pending) {
        const data = part.kind === 'output' ? inOnePiece(part.chunks) : null;
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

function inOnePiece(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : joinedBytes(chunks);
}
