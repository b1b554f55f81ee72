// The agent's data socket on a session: how far it may send, what it may forget, what input it has.
import { errors } from '#protocol/errors.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import { encodeFrame, FrameKind, unseenPart } from '#protocol/frame/frame.ts';
import type { TerminalToAgent } from '#protocol/control/terminal-to-agent.ts';
import { UNREAD_MAX_BYTES } from '../limits/limits.ts';
import { creditUpTo, freeBelow, worthSending } from './flow.ts';
import type { OutputOffsets } from './flow.ts';
import { RoundTrip } from './round-trip.ts';

export class AgentLink {
  readonly #socket: WebSocket;
  #creditBytes = 0;
  #freeBytes = 0;
  #inputBytes: number;
  #discards = false;
  /** Screens that were asked for and have not come. */
  #screensDue = 0;
  readonly #line: RoundTrip;

  /** @param inputBytes input that reached the pty, as the agent says */
  constructor(socket: WebSocket, inputBytes: number, now: () => number) {
    this.#socket = socket;
    this.#inputBytes = inputBytes;
    this.#line = new RoundTrip(now);
    // Its `welcome` goes out now, and is answered by a confirmation of what it has.
    this.#line.sent(inputBytes);
  }

  /** The agent may send output up to here. */
  get creditBytes(): number {
    return this.#creditBytes;
  }

  get roundTripMs(): number {
    return this.#line.shortestMs;
  }

  /** It does not read what it is sent. */
  get isStalled(): boolean {
    return this.#socket.bufferedAmount > UNREAD_MAX_BYTES;
  }

  isSocket(socket: WebSocket): boolean {
    return this.#socket === socket;
  }

  /** Grant and free what the offsets allow, when it is worth a frame. */
  update(offsets: OutputOffsets, receivedBytes: number): void {
    const credit = creditUpTo(offsets);
    if (worthSending(credit, this.#creditBytes, receivedBytes)) {
      this.#creditBytes = credit;
      this.#send(encodeFrame(FrameKind.credit, credit));
    }
    const free = freeBelow(offsets);
    if (worthSending(free, this.#freeBytes, receivedBytes)) {
      this.#freeBytes = free;
      this.#send(encodeFrame(FrameKind.free, free));
    }
  }

  /** Input that no program has read is to be forgotten; none is passed on until the agent has answered. */
  discardInput(): void {
    this.#discards = true;
    this.send({ type: 'input.discard' });
  }

  /** It has not answered yet what it has forgotten: what it confirms is of the typist before. */
  get discardsInput(): boolean {
    return this.#discards;
  }

  /** It was sent input up to here, so that it can have no more. */
  get inputBytes(): number {
    return this.#inputBytes;
  }

  /** The agent has forgotten it: input continues here. False: it was not asked to. */
  inputAt(offsetBytes: number): boolean {
    if (!this.#discards) return false;
    this.#discards = false;
    this.#inputBytes = offsetBytes;
    return true;
  }

  /** Input on its way to the pty, when the pty has confirmed up to `confirmedBytes`. */
  inputInFlight(confirmedBytes: number): number {
    return this.#inputBytes - confirmedBytes;
  }

  /** The pty has it up to here. */
  inputConfirmed(offsetBytes: number): void {
    this.#line.heard(offsetBytes);
  }

  requestScreen(): void {
    this.#screensDue += 1;
    this.send({ type: 'screen.request' });
  }

  /** False: nobody asked for this one. */
  takeScreen(): boolean {
    if (this.#screensDue === 0) return false;
    this.#screensDue -= 1;
    return true;
  }

  /** The agent may forget all output below here, whoever has drawn it. */
  free(offsetBytes: number): void {
    this.#freeBytes = offsetBytes;
    this.#send(encodeFrame(FrameKind.free, offsetBytes));
  }

  /** Pass on what of this input is new. What comes out of order is dropped: the console sends it again. */
  input(offsetBytes: number, payload: Uint8Array, frame: Uint8Array): void {
    if (this.#discards) return;
    const part = unseenPart(this.#inputBytes, offsetBytes, payload);
    if (part.state !== 'new') return;
    const whole = part.payload.length === payload.length;
    this.#send(whole ? frame : encodeFrame(FrameKind.input, this.#inputBytes, part.payload));
    this.#inputBytes += part.payload.length;
    this.#line.sent(this.#inputBytes);
  }

  send(message: TerminalToAgent): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  close(code: ErrorCode): void {
    this.#socket.close(errors[code].closeCode, code);
  }

  #send(bytes: Uint8Array): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(bytes);
  }
}
