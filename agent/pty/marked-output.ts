// The shell's output on its way into the ring: its marks are taken out, and what they say becomes facts. What only
// looks like the beginning of a mark, and the end of a command before its prompt, are waited for, but not for long.
import type { Clock } from '../clock.ts';
import {
  createCommandTracker,
  type CommandTracker,
  type TimedFact,
} from '../shell-integration/command-tracker.ts';
import { createMarkParser, type MarkParser, type ShellOutput } from '../shell-integration/mark-parser.ts';
import type { FactQueue } from './fact-queue.ts';
import type { OutputRing } from './output-ring.ts';

export interface MarkedOutputOptions {
  readonly clock: Clock;
  /** Of the shell's marks; null for a shell without hooks. */
  readonly markNonce: string | null;
  readonly ring: OutputRing;
  readonly facts: FactQueue;
  /** The shell has read its init file. */
  readonly loaded: () => void;
  /** What was held back is in the ring now, and among the facts. */
  readonly released: () => void;
}

const HOLD_MS = 250;

export class MarkedOutput {
  readonly #options: MarkedOutputOptions;
  readonly #commands: CommandTracker;
  readonly #parser: MarkParser | null;
  #cancelHold: (() => void) | null = null;

  constructor(options: MarkedOutputOptions) {
    const { clock, markNonce } = options;
    this.#options = options;
    this.#commands = createCommandTracker(clock);
    this.#parser = markNonce === null ? null : createMarkParser(markNonce);
  }

  /** The shell itself reads what is typed now. False where nobody can tell. */
  get atPrompt(): boolean {
    return this.#parser !== null && this.#commands.atPrompt;
  }

  push(bytes: Uint8Array): void {
    this.#stopHold();
    if (this.#parser === null) this.#options.ring.append(bytes);
    else for (const part of this.#parser.push(bytes)) this.#take(part);
  }

  /** Gives up on what is held back unless more comes soon. Not to be called while the pty is paused: more may wait there. */
  releaseSoon(): void {
    const holds = (this.#parser?.heldBytes ?? 0) > 0 || this.#commands.ending;
    if (!holds) return;
    this.#stopHold();
    this.#cancelHold = this.#options.clock.timer(HOLD_MS, () => {
      this.#release();
      this.#options.released();
    });
  }

  /** Nothing more will come. @param exitCode of the shell; null when a signal ended it */
  end(exitCode: number | null): void {
    this.#stopHold();
    this.#release();
    this.#learn(this.#commands.shellExited(exitCode, this.#options.ring.endBytes));
  }

  dispose(): void {
    this.#stopHold();
  }

  #take(part: ShellOutput): void {
    const { ring, loaded } = this.#options;
    if (part.kind === 'bytes') {
      ring.append(part.bytes);
      this.#learn(this.#commands.prompted());
      return;
    }
    if (part.mark.kind === 'loaded') loaded();
    this.#learn(this.#commands.mark(part.mark, ring.endBytes));
  }

  #release(): void {
    if (this.#parser === null) return;
    this.#options.ring.append(this.#parser.release());
    this.#learn(this.#commands.prompted());
  }

  #learn(facts: readonly TimedFact[]): void {
    for (const { at, fact } of facts) this.#options.facts.add(at, fact);
  }

  #stopHold(): void {
    this.#cancelHold?.();
    this.#cancelHold = null;
  }
}
