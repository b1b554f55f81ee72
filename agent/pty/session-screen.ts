// What a session's screen looks like after all output that was sent so far, for consoles that come back after
// more output than is worth drawing. A picture at an offset, parsed from waiting output only when it must be:
// when it is asked for, or too much waits. Plain text that has scrolled out again is never parsed.
import { Buffer } from 'node:buffer';
import { unseenPart } from '#protocol/frame/frame.ts';
import { SCREEN_MAX_BYTES } from '#protocol/control/agent-to-terminal.ts';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import { characterStart } from '#protocol/output/whole-characters.ts';
import { createHeadlessTerminal } from './headless-terminal.ts';
import type { HeadlessTerminal } from './headless-terminal.ts';
import { createOutputRing } from './output-ring.ts';
import type { OutputRing } from './output-ring.ts';

export interface ScreenPicture {
  /** Output below is in the picture; output goes on from here. */
  readonly offsetBytes: number;
  readonly size: TerminalSize;
  /** What draws it on a terminal that was reset. */
  readonly data: Uint8Array;
}

/** Lines above the screen that a picture holds. */
const SCROLLBACK_LINES = 200;
/** Output that may wait to be parsed. */
const WAITING_MAX_BYTES = 128 * 1024;
/** A sequence longer than this is not finished by whoever gets the picture. */
const UNFINISHED_MAX_BYTES = 16 * 1024;
const ESC = 0x1b;

type Task =
  /** From where the one before ends. Plain: no sequence begins in it. */
  | { readonly kind: 'output'; readonly endBytes: number; readonly isPlain: boolean }
  | { readonly kind: 'resize'; readonly size: TerminalSize }
  | { readonly kind: 'picture'; readonly done: (picture: ScreenPicture | null) => void };

export class SessionScreen {
  readonly #onDrained: () => void;
  /** Made with the first output that is parsed: most sessions never need one. */
  #terminal: HeadlessTerminal | null = null;
  #size: TerminalSize;
  #tasks: Task[] = [];
  /** From what is parsed to what was taken. */
  readonly #waiting = createOutputRing();
  /** What was parsed of a sequence that is not complete; null: too much. */
  #unfinished: Uint8Array | null = new Uint8Array(0);
  #running = false;
  #disposed = false;

  /** @param onDrained it was behind, and is not any more */
  constructor(size: TerminalSize, onDrained: () => void) {
    this.#size = size;
    this.#onDrained = onDrained;
  }

  /** Output comes faster than it is parsed: whoever can, pauses it. */
  get isBehind(): boolean {
    return this.#waiting.sizeBytes > 2 * WAITING_MAX_BYTES;
  }

  /** Output as it is sent; what is sent again changes nothing. The bytes are copied. */
  append(offsetBytes: number, payload: Uint8Array): void {
    const waiting = this.#waiting;
    const part = unseenPart(waiting.endBytes, offsetBytes, payload);
    if (part.state !== 'new') return;
    waiting.append(part.payload);
    const plain = isPlain(part.payload);
    const last = this.#tasks.at(-1);
    if (last?.kind === 'output' && last.isPlain === plain) this.#tasks.pop();
    this.#tasks.push({ kind: 'output', endBytes: waiting.endBytes, isPlain: plain });
    if (waiting.sizeBytes <= WAITING_MAX_BYTES || this.#running) return;
    if (!this.#skipScrolledOut(WAITING_MAX_BYTES / 2)) void this.#run();
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    if (this.#tasks.at(-1)?.kind === 'resize') this.#tasks.pop();
    this.#tasks.push({ kind: 'resize', size });
  }

  /** Null: it cannot be told in a message. */
  picture(): Promise<ScreenPicture | null> {
    return new Promise((done) => {
      if (!this.#running) this.#skipScrolledOut(1);
      this.#tasks.push({ kind: 'picture', done });
      void this.#run();
    });
  }

  dispose(): void {
    this.#disposed = true;
    this.#tasks = [];
    this.#terminal?.dispose();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    const terminal = (this.#terminal ??= createHeadlessTerminal(this.#size, SCROLLBACK_LINES));
    for (let task = this.#nextTask(); task !== undefined; task = this.#nextTask()) {
      if (task.kind === 'output') {
        await this.#parse(terminal, task.endBytes);
      } else if (task.kind === 'resize') terminal.resize(task.size);
      else task.done(this.#pictureOf(terminal));
      if (this.#disposed) return;
    }
    this.#running = false;
  }

  /** Undefined: what waits may wait on. */
  #nextTask(): Task | undefined {
    const wasBehind = this.isBehind;
    // A flood after a coloured prompt is text but for its first bytes.
    if (this.#waiting.sizeBytes > WAITING_MAX_BYTES) this.#skipScrolledOut(WAITING_MAX_BYTES / 2);
    if (wasBehind && !this.isBehind) this.#onDrained();
    const isDue =
      this.#waiting.sizeBytes > WAITING_MAX_BYTES || this.#tasks.some(({ kind }) => kind === 'picture');
    return isDue ? this.#tasks.shift() : undefined;
  }

  async #parse(terminal: HeadlessTerminal, endBytes: number): Promise<void> {
    const waiting = this.#waiting;
    while (waiting.startBytes < endBytes) {
      const bytes = waiting.read(waiting.startBytes, endBytes - waiting.startBytes);
      await terminal.write(bytes);
      this.#unfinished = terminal.isAtGround
        ? unfinishedCharacter(Buffer.concat([this.#unfinished ?? new Uint8Array(0), bytes.subarray(-3)]))
        : unfinishedSequence(this.#unfinished, bytes);
      const wasBehind = this.isBehind;
      waiting.free(waiting.startBytes + bytes.length);
      if (wasBehind && !this.isBehind) this.#onDrained();
    }
  }

  #pictureOf(terminal: HeadlessTerminal): ScreenPicture | null {
    if (this.#unfinished === null) return null;
    for (const lines of [SCROLLBACK_LINES, 0]) {
      const data = Buffer.concat([Buffer.from(terminal.picture(lines)), this.#unfinished]);
      if (data.length > SCREEN_MAX_BYTES) continue;
      return { offsetBytes: this.#waiting.startBytes, size: terminal.size, data: Uint8Array.from(data) };
    }
    return null;
  }

  /**
   * Forgets waiting text that later text has pushed out of all lines that are kept; not while something is parsed.
   * False: it is not worth it.
   */
  #skipScrolledOut(leastBytes: number): boolean {
    if (!this.#tasks.every((task) => task.kind === 'output' && task.isPlain)) return false;
    const terminal = this.#terminal;
    if (terminal !== null && !(terminal.isAtGround && terminal.scrollsWhole)) return false;
    // From anywhere on the screen down to its last line, and then all lines out.
    const lines = this.#size.rows + (terminal?.keptLines ?? this.#size.rows + SCROLLBACK_LINES);
    const waiting = this.#waiting;
    const keptFrom = startOfLastLines(waiting, lines);
    if (keptFrom === null || keptFrom - waiting.startBytes < leastBytes) return false;
    waiting.free(keptFrom);
    this.#tasks = [{ kind: 'output', endBytes: waiting.endBytes, isPlain: true }];
    this.#unfinished = new Uint8Array(0);
    return true;
  }
}

/** Null: there are not so many. A line end that the ring has in two pieces is not counted, so that rather more is kept. */
function startOfLastLines(ring: OutputRing, lines: number): number | null {
  const wrapBytes = ring.startBytes + ring.read(ring.startBytes, ring.sizeBytes).length;
  let missing = lines;
  for (const from of [wrapBytes, ring.startBytes]) {
    const bytes = asBuffer(ring.read(from, ring.endBytes - from));
    for (
      let at = bytes.lastIndexOf('\r\n');
      at >= 0;
      at = at === 0 ? -1 : bytes.lastIndexOf('\r\n', at - 1)
    ) {
      missing -= 1;
      if (missing === 0) return from + at;
    }
  }
  return null;
}

/** The same bytes. A Buffer searches twenty times as fast, and all output passes here. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** No byte of it begins a sequence or changes how text is read. */
function isPlain(output: Uint8Array): boolean {
  const bytes = asBuffer(output);
  if (bytes.includes(ESC) || bytes.includes(0x0e) || bytes.includes(0x0f)) return false;
  for (let at = bytes.indexOf(0xc2); at !== -1; at = bytes.indexOf(0xc2, at + 1)) {
    if (isC1(bytes, at)) return false;
  }
  return true;
}

/** From the last escape on: a new one always begins anew. */
function unfinishedSequence(before: Uint8Array | null, bytes: Uint8Array): Uint8Array | null {
  const at = Math.max(
    bytes.lastIndexOf(ESC),
    bytes.findLastIndex((_, index) => isC1(bytes, index)),
  );
  if (at === -1 && before === null) return null;
  const unfinished = at === -1 ? Buffer.concat([before ?? new Uint8Array(0), bytes]) : bytes.slice(at);
  return unfinished.length > UNFINISHED_MAX_BYTES ? null : Uint8Array.from(unfinished);
}

/** U+0080 to U+009F in UTF-8: sequences may begin with one, too. */
function isC1(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xc2 && (bytes[at + 1] ?? 0x80) < 0xa0;
}

/** The first bytes of a UTF-8 character whose last ones are still to come. */
function unfinishedCharacter(bytes: Uint8Array): Uint8Array {
  return bytes.slice(characterStart(bytes, bytes.length));
}
