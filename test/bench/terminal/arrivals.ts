/** What came out of a shell, by the time of its arrival. Nothing is kept but the last few bytes. */
export class Arrivals {
  #bytes = 0;
  #tail: Buffer = Buffer.alloc(0);
  #waiting: { readonly done: () => boolean; readonly resolve: (atMs: number) => void } | null = null;
  #atMs = 0;

  get bytes(): number {
    return this.#bytes;
  }

  push(chunk: Uint8Array): void {
    this.#atMs = performance.now();
    this.#bytes += chunk.length;
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    this.#tail =
      bytes.length >= TAIL_BYTES
        ? bytes.subarray(-TAIL_BYTES)
        : Buffer.concat([this.#tail, bytes]).subarray(-TAIL_BYTES);
    this.#look();
  }

  /**
   * Until what arrives from now on holds this at its end, or near it. One wait at a time.
   * @returns performance.now() of its arrival
   */
  text(text: string | RegExp, limitMs = LIMIT_MS): Promise<number> {
    this.#tail = Buffer.alloc(0);
    const holds =
      typeof text === 'string'
        ? () => this.#tail.includes(text)
        : () => text.test(this.#tail.toString('latin1'));
    return this.#wait(String(text), holds, limitMs);
  }

  /** Until that many bytes more have arrived. */
  more(bytes: number, limitMs = LIMIT_MS): Promise<number> {
    const wanted = this.#bytes + bytes;
    return this.#wait(`${bytes} bytes`, () => this.#bytes >= wanted, limitMs);
  }

  #wait(what: string, done: () => boolean, limitMs: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const end = JSON.stringify(this.#tail.subarray(-200).toString());
        reject(new Error(`gave up waiting for ${what}; the output ends: ${end}`));
      }, limitMs);
      this.#waiting = {
        done,
        resolve: (atMs) => {
          clearTimeout(timer);
          resolve(atMs);
        },
      };
    });
  }

  #look(): void {
    const waiting = this.#waiting;
    if (waiting === null || !waiting.done()) return;
    this.#waiting = null;
    waiting.resolve(this.#atMs);
  }
}

const TAIL_BYTES = 1024;
const LIMIT_MS = 60_000;
