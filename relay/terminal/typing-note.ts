// Typing keeps an entry from its idle limit, what its terminal answers to a program does not. Told now and then, never
// for each key.
import { isAnswer } from '#protocol/output/terminal-answers.ts';

const EVERY_MS = 60_000;

export class TypingNote {
  readonly #now: () => number;
  readonly #note: () => void;
  #notedAt = 0;

  constructor(options: { readonly now: () => number; readonly note: () => void }) {
    this.#now = options.now;
    this.#note = options.note;
  }

  /** Input as it came from the console. */
  heard(input: Uint8Array): void {
    if (isAnswer(input)) return;
    const now = this.#now();
    if (now - this.#notedAt < EVERY_MS) return;
    this.#notedAt = now;
    this.#note();
  }
}
