import { encodeFrame, FrameKind } from '#protocol/frame/frame.ts';
import type { Clock } from '../clock.ts';

const SOON_MS = 8;
/** Consoles take input unconfirmed for 6 s for a dead line. */
const BEAT_MS = 2000;

export interface InputConfirmationPorts {
  readonly clock: Clock;
  readonly writtenBytes: () => number;
  /** Input waits on a socket that is there, for a program that may still read it. */
  readonly waits: () => boolean;
  readonly send: (frame: Uint8Array) => void;
}

/** Tells the relay how much input the pty has. */
export class InputConfirmation {
  readonly #ports: InputConfirmationPorts;
  #cancelBeat: (() => void) | null = null;
  #cancelSoon: (() => void) | null = null;

  constructor(ports: InputConfirmationPorts) {
    this.#ports = ports;
  }

  now(): void {
    this.#cancelSoon?.();
    this.#cancelSoon = null;
    this.#ports.send(encodeFrame(FrameKind.inputAck, this.#ports.writtenBytes()));
  }

  /** Nobody waits for it, unlike for the echo, which goes first. */
  soon(): void {
    this.#cancelSoon ??= this.#ports.clock.timer(SOON_MS, () => this.now());
  }

  /** A program that does not read leaves input waiting: the console is told that we are here all the same. */
  beatWhileWaiting(): void {
    this.#cancelBeat ??= this.#ports.clock.timer(BEAT_MS, () => {
      this.#cancelBeat = null;
      if (!this.#ports.waits()) return;
      this.now();
      this.beatWhileWaiting();
    });
  }

  stop(): void {
    this.#cancelBeat?.();
    this.#cancelBeat = null;
    this.#cancelSoon?.();
    this.#cancelSoon = null;
  }
}
