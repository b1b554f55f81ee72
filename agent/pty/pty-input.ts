// Input on its way to a pty, in order and once. What the kernel does not take waits here, so that it can be given back
// when a new socket begins: its peer then sends it again from the offset it is told.
// Before the end of a line is written the terminal is looked at: was this line typed with echo off?
import { isAnswer } from '#protocol/output/terminal-answers.ts';
import type { Clock } from '../clock.ts';

export interface PtyInputOptions {
  readonly clock: Clock;
  /** @returns how many of these bytes the kernel took; fewer than all when no program reads */
  write(bytes: Uint8Array): number;
  /** False where no program can be asking for a secret, as at the shell's own prompt: saves the look. */
  mayAskForSecret(): boolean;
  /** Does the terminal read lines without echo now? Never rejects. */
  asksForSecret(): Promise<boolean>;
  /** A line of `bytes` bytes, its end not counted, was typed without echo. */
  redacted(bytes: number): void;
  /** `writtenBytes` has grown. */
  progress(): void;
}

const RETRY_FIRST_MS = 2;
const RETRY_MAX_MS = 100;
const LINE_ENDS: ReadonlySet<number> = new Set([0x0d, 0x0a, 0x04]);

export class PtyInput {
  readonly #options: PtyInputOptions;
  #waiting: Uint8Array[] = [];
  /** Of these, what a terminal answered by itself: nobody typed it, so it is of no line's length. */
  readonly #answers = new WeakSet<Uint8Array>();
  #takenBytes = 0;
  #writtenBytes = 0;
  /** Of the present line, without its end. */
  #lineBytes = 0;
  /** Up to here (an offset) no further look is taken: what came with an echoed line is taken for echoed too. */
  #echoedBelow = 0;
  /** Where the line ends whose look is over (an offset). */
  #lookedAt = -1;
  #looking = false;
  /** Raised when input is given back: a look that was under way was at another's line. */
  #given = 0;
  #retryMs = RETRY_FIRST_MS;
  #cancelRetry: (() => void) | null = null;

  constructor(options: PtyInputOptions) {
    this.#options = options;
  }

  /** Input below was received. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  /** Input below is in the kernel. */
  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  get waitingBytes(): number {
    return this.#takenBytes - this.#writtenBytes;
  }

  push(bytes: Uint8Array): void {
    this.#takenBytes += bytes.length;
    this.#waiting.push(bytes);
    if (isAnswer(bytes)) this.#answers.add(bytes);
    if (!this.#looking && this.#cancelRetry === null) this.#write();
  }

  /** Forgets what is not written. @returns where input goes on */
  giveBack(): number {
    this.#waiting = [];
    this.#takenBytes = this.#writtenBytes;
    this.#echoedBelow = Math.min(this.#echoedBelow, this.#writtenBytes);
    this.#given += 1;
    return this.#takenBytes;
  }

  dispose(): void {
    this.#waiting = [];
    this.#cancelRetry?.();
  }

  #write(): void {
    const before = this.#writtenBytes;
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const readyBytes = this.#readyBytes(first);
      if (readyBytes === 0) {
        this.#look(first.length);
        break;
      }
      const taken = this.#options.write(first.subarray(0, readyBytes));
      const isTyped = !this.#answers.has(first);
      if (isTyped) this.#count(first.subarray(0, taken));
      this.#writtenBytes += taken;
      if (taken === first.length) this.#waiting.shift();
      else {
        const rest = first.subarray(taken);
        this.#waiting[0] = rest;
        if (!isTyped) this.#answers.add(rest);
      }
      if (taken < readyBytes) {
        this.#retryLater(taken > 0);
        break;
      }
    }
    if (this.#writtenBytes > before) this.#options.progress();
  }

  #retryLater(gotOn: boolean): void {
    this.#retryMs = gotOn ? RETRY_FIRST_MS : Math.min(RETRY_MAX_MS, this.#retryMs * 2);
    this.#cancelRetry = this.#options.clock.timer(this.#retryMs, () => {
      this.#cancelRetry = null;
      this.#write();
    });
  }

  /** How many of these bytes may be written now; 0: a look comes first. */
  #readyBytes(bytes: Uint8Array): number {
    if (this.#writtenBytes < this.#echoedBelow || !this.#options.mayAskForSecret()) return bytes.length;
    const end = bytes.findIndex((byte) => LINE_ENDS.has(byte));
    if (end === -1) return bytes.length;
    if (end > 0) return end;
    return this.#lineBytes === 0 || this.#lookedAt === this.#writtenBytes ? 1 : 0;
  }

  #look(frameBytes: number): void {
    this.#looking = true;
    const at = this.#writtenBytes;
    const lineBytes = this.#lineBytes;
    const given = this.#given;
    void this.#options.asksForSecret().then((secret) => {
      this.#looking = false;
      if (given === this.#given) {
        this.#lookedAt = at;
        if (secret) this.#options.redacted(lineBytes);
        else this.#echoedBelow = at + frameBytes;
      }
      this.#write();
    });
  }

  #count(written: Uint8Array): void {
    const end = written.findLastIndex((byte) => LINE_ENDS.has(byte));
    this.#lineBytes = end === -1 ? this.#lineBytes + written.length : written.length - end - 1;
  }
}
