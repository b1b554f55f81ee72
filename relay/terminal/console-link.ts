// The console's socket on a session: what it was sent and has drawn. It is sent at most one window more
// than it has drawn (credit-window.ts), from the live output or, when it is behind, from the recording.
import { errors } from '#protocol/errors.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import {
  CREDIT_WINDOW_BYTES,
  CREDIT_WINDOW_MAX_BYTES,
  encodeFrame,
  FRAME_PAYLOAD_MAX_BYTES,
  FrameKind,
} from '#protocol/frame/frame.ts';
import type { ScreenPicture } from '#protocol/control/agent-to-terminal.ts';
import type { TerminalToConsole } from '#protocol/control/terminal-to-console.ts';
import { UNREAD_MAX_BYTES } from '../limits/limits.ts';
import { wireError } from '../routes/wire-error.ts';
import { CreditWindow } from './credit-window.ts';
import type { Recorder } from './recorder.ts';

export class ConsoleLink {
  readonly #socket: WebSocket;
  readonly #recorder: Recorder;
  #sentBytes: number;
  #ackBytes: number;
  readonly #window: CreditWindow;
  /** It may be sent output up to here. Never less than before: what was granted to the machine is on its way. */
  #limitBytes: number;
  readonly #takesScreen: boolean;
  readonly #requestScreen: () => boolean;
  readonly #stalled: () => void;
  /** It gets nothing until the screen is here. */
  #waits = false;
  /** The offset of the last screen that it was sent. */
  #screenBytes = 0;

  constructor(
    socket: WebSocket,
    recorder: Recorder,
    {
      haveBytes,
      takesScreen,
      requestScreen,
      now,
      machineRoundTripMs,
      stalled,
    }: {
      /** Output that the console already has; may be ahead of the recorder. */
      readonly haveBytes: number;
      readonly takesScreen: boolean;
      /** False: there is nobody to ask for it. */
      readonly requestScreen: () => boolean;
      readonly now: () => number;
      readonly machineRoundTripMs: () => number;
      /** It reads nothing of what it is told: let it go. */
      readonly stalled: () => void;
    },
  ) {
    this.#socket = socket;
    this.#recorder = recorder;
    this.#sentBytes = haveBytes;
    this.#ackBytes = haveBytes;
    this.#takesScreen = takesScreen;
    this.#requestScreen = requestScreen;
    this.#stalled = stalled;
    this.#window = new CreditWindow(now, machineRoundTripMs);
    this.#limitBytes = haveBytes + this.#window.bytes;
    // Its `ready` goes out now, and is answered by an acknowledgement of what it has.
    this.#window.sent(haveBytes, haveBytes);
  }

  /** It draws what is printed now. One that has more to catch up with reads the recording and holds up nobody. */
  get isLive(): boolean {
    return !this.#waits && this.#recorder.receivedBytes <= this.#limitBytes;
  }

  get ackBytes(): number {
    return this.#ackBytes;
  }

  /** Output that may be on its way to it, from the machine on. */
  get windowBytes(): number {
    return this.#limitBytes - this.#ackBytes;
  }

  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** The peer says that it has drawn what it does not even read. */
  get isStalled(): boolean {
    return this.#socket.bufferedAmount > UNREAD_MAX_BYTES;
  }

  /** The console has drawn output up to here. False for output that it was never sent. */
  acknowledged(offsetBytes: number): boolean {
    if (offsetBytes > this.#sentBytes) return false;
    this.#ackBytes = Math.max(this.#ackBytes, offsetBytes);
    this.#window.drawn(offsetBytes);
    this.#limitBytes = Math.max(this.#limitBytes, this.#ackBytes + this.#window.bytes);
    this.pump();
    return true;
  }

  /**
   * Pass on a live frame that was just appended to the recorder.
   * @param frame the bytes as they came, when all of them are new
   */
  forward(offsetBytes: number, payload: Uint8Array, frame: Uint8Array | null): void {
    const fits = offsetBytes + payload.length <= this.#limitBytes;
    if (this.#waits || this.#sentBytes !== offsetBytes || !fits) return this.pump();
    this.#sentBytes += payload.length;
    this.#window.sent(this.#sentBytes, this.#ackBytes);
    this.#sendOutput(frame ?? encodeFrame(FrameKind.output, offsetBytes, payload));
  }

  /** Send what is there and allowed. */
  pump(): void {
    if (this.#wantsScreen()) this.#waits = this.#requestScreen();
    if (this.#waits) return;
    const end = Math.min(this.#recorder.receivedBytes, this.#limitBytes);
    while (this.#sentBytes < end) {
      const allowed = Math.min(FRAME_PAYLOAD_MAX_BYTES, end - this.#sentBytes);
      const payload = this.#recorder.read(this.#sentBytes, allowed);
      if (payload.length === 0) return;
      this.#sendOutput(encodeFrame(FrameKind.output, this.#sentBytes, payload));
      this.#sentBytes += payload.length;
      this.#window.sent(this.#sentBytes, this.#ackBytes);
    }
  }

  /** What it waited for; null: there is none, and it gets every byte. */
  screen(picture: ScreenPicture | null): void {
    if (!this.#waits) return;
    this.#waits = false;
    // No machine was ever allowed to send further than that: one that says so would show its picture for good.
    const lastBytes = this.#recorder.receivedBytes + CREDIT_WINDOW_MAX_BYTES;
    if (picture !== null && picture.offsetBytes >= this.#sentBytes && picture.offsetBytes <= lastBytes) {
      this.send({ type: 'screen', picture });
      this.#sentBytes = picture.offsetBytes;
      this.#screenBytes = picture.offsetBytes;
    } else this.#screenBytes = Infinity;
    this.pump();
  }

  /** Nobody makes a screen now: it gets the output itself. */
  goWithoutScreen(): void {
    this.#waits = false;
    this.pump();
  }

  /** Told, not credited: for every such message it is looked whether the one before was read. */
  sendInputAck(frame: Uint8Array): void {
    if (this.#hears()) this.#socket.send(frame);
  }

  /** More than a window is missing, and the screen of before was drawn. */
  #wantsScreen(): boolean {
    const missingBytes = this.#recorder.receivedBytes - this.#sentBytes;
    const drewLast = this.#ackBytes >= this.#screenBytes;
    return this.#takesScreen && !this.#waits && drewLast && missingBytes > CREDIT_WINDOW_BYTES;
  }

  /** @see sendInputAck */
  send(message: TerminalToConsole): void {
    if (this.#hears()) this.#socket.send(JSON.stringify(message));
  }

  #hears(): boolean {
    if (this.#socket.readyState !== WebSocket.OPEN) return false;
    if (this.isStalled) this.#stalled();
    return this.#socket.readyState === WebSocket.OPEN;
  }

  #sendOutput(frame: Uint8Array): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(frame);
  }

  /** Say why and close with the code of the error table. */
  refuse(code: ErrorCode): void {
    refuseConsole(this.#socket, code);
  }

  /** The session is over and everything was sent. */
  finish(): void {
    this.#socket.close(1000, 'ended');
  }
}

export function refuseConsole(socket: WebSocket, code: ErrorCode): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  const closing: TerminalToConsole = { type: 'closing', error: wireError(code) };
  socket.send(JSON.stringify(closing));
  socket.close(errors[code].closeCode, code);
}
