// What is typed into a session, in one turn of the keyboard, until the machine has it: sent when the line is there, sent
// again after a cut, and given up on never by itself. A line on which nothing is confirmed is told to be dead.
import type { TerminalToConsole } from '#protocol/control/terminal-to-console.ts';
import { FRAME_PAYLOAD_MAX_BYTES, FrameKind, encodeFrame } from '#protocol/frame/frame.ts';
import { InputQueue } from './input-queue.ts';
import type { Timers } from './socket.ts';

/**
 * Typed, the agent there, and no confirmation: a dead line that nobody closed. LiveSockets asks the relay, which
 * answers for itself alone; this looks to the machine's end.
 */
const INPUT_SILENCE_MS = 6_000;
/** … and again: by then the line is known to be good, and the silence the machine's. */
const STILL_SILENT_MS = 30_000;

export type SessionMode = Extract<TerminalToConsole, { type: 'people' }>['mode'];

export interface TerminalInputPorts {
  readonly timers: Timers;
  /** The machine is there and takes input. */
  readonly flows: () => boolean;
  readonly send: (frame: Uint8Array<ArrayBuffer>) => void;
  readonly silent: () => void;
}

export class TerminalInput {
  readonly #ports: TerminalInputPorts;
  #mode: SessionMode;
  #turn: number | undefined;
  #queue = new InputQueue();
  #stopWatch: (() => void) | null = null;
  #isSilent = false;

  constructor(mode: SessionMode, ports: TerminalInputPorts) {
    this.#mode = mode;
    this.#ports = ports;
  }

  /** `watch`: the keyboard is another's, and nothing is taken. */
  get mode(): SessionMode {
    return this.#mode;
  }

  /** How often the keyboard went to another; undefined until it is told. */
  get turn(): number | undefined {
    return this.#turn;
  }

  /** It is known where the machine's input stands. */
  get isStarted(): boolean {
    return this.#queue.isStarted;
  }

  get confirmedBytes(): number {
    return this.#queue.confirmedBytes;
  }

  get waitingCharacters(): number {
    return this.#queue.waitingCharacters;
  }

  /** What was typed has had no answer for a while, over a line that answers. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** @returns false where nothing was taken: another types, or too much waits already */
  add(bytes: Uint8Array): boolean {
    if (this.#mode === 'watch') return false;
    const offset = this.#queue.add(bytes);
    if (offset === null) return false;
    if (this.#flows()) this.sendFrom(offset);
    return true;
  }

  /** Of whoever types. @see InputQueue.startAt */
  startAt(offsetBytes: number): void {
    if (this.#mode === 'type') this.#queue.startAt(offsetBytes);
  }

  confirm(offsetBytes: number): void {
    const beforeBytes = this.#queue.confirmedBytes;
    this.#queue.confirm(offsetBytes);
    if (this.#queue.confirmedBytes > beforeBytes) this.#isSilent = false;
  }

  sendFrom(offsetBytes: number): void {
    const bytes = this.#queue.from(offsetBytes);
    const start = Math.max(offsetBytes, this.#queue.confirmedBytes);
    for (let at = 0; at < bytes.length; at += FRAME_PAYLOAD_MAX_BYTES) {
      const payload = bytes.subarray(at, at + FRAME_PAYLOAD_MAX_BYTES);
      this.#ports.send(encodeFrame(FrameKind.input, start + at, payload));
    }
    if (this.#stopWatch === null) this.watch();
  }

  /**
   * Whose turn it is now. In another than before, what was typed in that and is not confirmed is void.
   * @param inputOffsetBytes where this one's input begins; undefined: that is not known yet
   * @returns whether it is another
   */
  takeTurn(mode: SessionMode, turn: number | undefined, inputOffsetBytes: number | undefined): boolean {
    const isAnother = mode !== this.#mode || (this.#turn !== undefined && turn !== this.#turn);
    this.#turn = turn;
    if (!isAnother) return false;
    this.#queue = new InputQueue();
    this.#isSilent = false;
    this.watch();
    this.#mode = mode;
    if (inputOffsetBytes !== undefined) this.startAt(inputOffsetBytes);
    return true;
  }

  /** The machine itself was heard: it takes input, or says that no program does. */
  heard(): void {
    this.#isSilent = false;
    this.watch();
  }

  /** What waits now has its time from now. */
  watch(): void {
    this.stopWatch();
    if (this.#queue.waitingBytes === 0 || !this.#flows()) return;
    this.#stopWatch = this.#ports.timers.after(this.#isSilent ? STILL_SILENT_MS : INPUT_SILENCE_MS, () => {
      this.#isSilent = true;
      this.#ports.silent();
    });
  }

  stopWatch(): void {
    this.#stopWatch?.();
    this.#stopWatch = null;
  }

  #flows(): boolean {
    return this.#queue.isStarted && this.#ports.flows();
  }
}
