// A session's input as the relay sends it: taken once and in order by its offset, written to the pty, and confirmed.
import { unseenPart, type Frame } from '#protocol/frame/frame.ts';
import { InputConfirmation } from './input-confirmation.ts';
import { PtyInput, type PtyInputOptions } from './pty-input.ts';

export interface SessionInputPorts extends Omit<PtyInputOptions, 'progress'> {
  /** A socket is there, and a program that may still read. */
  isWanted(): boolean;
  /** Tells the relay how much input the pty has, when it is to be told at all. */
  confirm(frame: Uint8Array): void;
  /** The socket in use makes no sense any more. */
  cut(reason: string): void;
}

/** More input than this that no program reads is not kept; a relay lets less through, a console still less. */
const WAITING_LIMIT_BYTES = 4 * 1024 * 1024;

export class SessionInput {
  readonly #ports: SessionInputPorts;
  readonly #pty: PtyInput;
  readonly #confirmation: InputConfirmation;

  constructor(ports: SessionInputPorts) {
    this.#ports = ports;
    this.#pty = new PtyInput({ ...ports, progress: () => this.#confirmation.soon() });
    this.#confirmation = new InputConfirmation({
      clock: ports.clock,
      writtenBytes: () => this.#pty.writtenBytes,
      waits: () => ports.isWanted() && this.#pty.waitingBytes > 0,
      send: (frame) => ports.confirm(frame),
    });
  }

  take(frame: Frame): void {
    const part = unseenPart(this.#pty.takenBytes, frame.offsetBytes, frame.payload);
    if (part.state === 'gap') return this.#ports.cut('input is missing');
    if (part.state === 'duplicate') return this.#confirmation.now();
    if (this.#pty.waitingBytes + part.payload.length > WAITING_LIMIT_BYTES)
      return this.#ports.cut('too much input');
    this.#pty.push(part.payload);
    this.#confirmation.beatWhileWaiting();
  }

  /** Confirms what the pty has, though it may be nothing new. */
  confirmNow(): void {
    this.#confirmation.now();
  }

  /** Forgets what no program has read. @returns where input goes on */
  giveBack(): number {
    return this.#pty.giveBack();
  }

  /** No socket. */
  stop(): void {
    this.#confirmation.stop();
  }

  dispose(): void {
    this.stop();
    this.#pty.dispose();
  }
}
