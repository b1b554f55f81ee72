/** More than any program asks as it starts; and what one may go on asking, as for each prompt. */
const BURST = 256;
const PER_SECOND = 64;

/**
 * Which of the terminal's answers to a program are sent. One that asks without end (a file full of queries) is not
 * answered without end: its answers would fill the line that Ctrl+C has to take, and the relay cuts a console that
 * sends thousands a second.
 */
export class AnswerLimit {
  readonly #now: () => number;
  #left = BURST;
  #at: number;

  /** @param now epoch milliseconds */
  constructor(now: () => number) {
    this.#now = now;
    this.#at = now();
  }

  /** False: this one is not sent. */
  take(): boolean {
    const now = this.#now();
    this.#left = Math.min(BURST, this.#left + (Math.max(0, now - this.#at) / 1000) * PER_SECOND);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
