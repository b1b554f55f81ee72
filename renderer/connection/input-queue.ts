// Input that the machine has not confirmed yet, by offset: after a cut exactly what is missing is sent again.
import { joinedBytes } from '#protocol/joined-bytes.ts';

/** More than this waiting means nobody reads at the other end: further input is refused rather than replayed late. */
export const INPUT_WAITING_MAX_BYTES = 1024 * 1024;

export class InputQueue {
  /** Everything below has reached the pty. */
  #confirmedBytes = 0;
  #waiting = new Uint8Array(0);
  #started = false;

  /** It is known where the machine's input stands. */
  get isStarted(): boolean {
    return this.#started;
  }

  get endBytes(): number {
    return this.#confirmedBytes + this.#waiting.length;
  }

  get confirmedBytes(): number {
    return this.#confirmedBytes;
  }

  get waitingBytes(): number {
    return this.#waiting.length;
  }

  /** As a person counts what was typed: of UTF-8, each byte that continues nothing. */
  get waitingCharacters(): number {
    return this.#waiting.reduce((count, byte) => ((byte & 0xc0) === 0x80 ? count : count + 1), 0);
  }

  /** @returns the offset of the first byte, or null where the queue is full and nothing was taken. */
  add(bytes: Uint8Array): number | null {
    if (this.#waiting.length + bytes.length > INPUT_WAITING_MAX_BYTES) return null;
    const offset = this.endBytes;
    this.#waiting = joinedBytes([this.#waiting, bytes]);
    return offset;
  }

  /** Confirmations may come late, twice, or not at all; they never go back. */
  confirm(offsetBytes: number): void {
    if (!this.#started || offsetBytes <= this.#confirmedBytes || offsetBytes > this.endBytes) return;
    this.#waiting = this.#waiting.slice(offsetBytes - this.#confirmedBytes);
    this.#confirmedBytes = offsetBytes;
  }

  /**
   * Where the machine's input stands when it is first known: above zero for a session that already lived when this
   * console opened it. What was typed before follows from there; later calls change nothing.
   */
  startAt(offsetBytes: number): void {
    if (this.#started) return;
    this.#started = true;
    this.#confirmedBytes = offsetBytes;
  }

  /** What lies at and above `offsetBytes`. */
  from(offsetBytes: number): Uint8Array {
    return this.#waiting.subarray(Math.max(0, offsetBytes - this.#confirmedBytes));
  }
}
