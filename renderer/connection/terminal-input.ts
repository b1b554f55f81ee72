// What is typed into a session, until the machine has it: sent when the line is there, sent again after a cut, and
// given up on never by itself. A line on which nothing is confirmed is told to be dead.
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

export interface TerminalInputPorts {
  readonly timers: Timers;
  /** The machine is there and takes input. */
  readonly flows: () => boolean;
  readonly send: (frame: Uint8Array<ArrayBuffer>) => void;
  readonly silent: () => void;
}

export class TerminalInput {
  readonly #ports: TerminalInputPorts;
  #queue = new InputQueue();
  #stopWatch: (() => void) | null = null;
  #isSilent = false;

  constructor(ports: TerminalInputPorts) {
    this.#ports = ports;
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

  /** @returns false where too much waits already, and nothing was taken */
  add(bytes: Uint8Array): boolean {
    const offset = this.#queue.add(bytes);
    if (offset === null) return false;
    if (this.#flows()) this.sendFrom(offset);
    return true;
  }

  /** @see InputQueue.startAt */
  startAt(offsetBytes: number): void {
    this.#queue.startAt(offsetBytes);
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

  /** Another's turn begins or ends: what was typed before and is not confirmed is void. */
  forget(): void {
    this.#queue = new InputQueue();
    this.#isSilent = false;
    this.watch();
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
