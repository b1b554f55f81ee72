// The console's socket on a session: what it was sent and has drawn. It is sent at most one window more
// than it has drawn, from the live output or, when it is behind, from the recording.
import { errors } from '#protocol/errors.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import {
  CREDIT_WINDOW_BYTES,
  encodeFrame,
  FRAME_PAYLOAD_MAX_BYTES,
  FrameKind,
} from '#protocol/frame/frame.ts';
import type { TerminalToConsole } from '#protocol/control/terminal-to-console.ts';
import { UNREAD_MAX_BYTES } from '../limits/limits.ts';
import { wireError } from '../routes/wire-error.ts';
import type { Recorder } from './recorder.ts';

export class ConsoleLink {
  readonly #socket: WebSocket;
  readonly #recorder: Recorder;
  #sentBytes: number;
  #ackBytes: number;

  /** @param haveBytes output that the console already has; may be ahead of the recorder */
  constructor(socket: WebSocket, recorder: Recorder, haveBytes: number) {
    this.#socket = socket;
    this.#recorder = recorder;
    this.#sentBytes = haveBytes;
    this.#ackBytes = haveBytes;
  }

  get ackBytes(): number {
    return this.#ackBytes;
  }

  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** The peer says that it has drawn what it does not even read. */
  get isStalled(): boolean {
    return this.#socket.bufferedAmount > UNREAD_MAX_BYTES;
  }

  isSocket(socket: WebSocket): boolean {
    return this.#socket === socket;
  }

  /** The console has drawn output up to here. False for output that it was never sent. */
  acknowledged(offsetBytes: number): boolean {
    if (offsetBytes > this.#sentBytes) return false;
    this.#ackBytes = Math.max(this.#ackBytes, offsetBytes);
    this.pump();
    return true;
  }

  /**
   * Pass on a live frame that was just appended to the recorder.
   * @param frame the bytes as they came, when all of them are new
   */
  forward(offsetBytes: number, payload: Uint8Array, frame: Uint8Array | null): void {
    const fits = offsetBytes + payload.length <= this.#ackBytes + CREDIT_WINDOW_BYTES;
    if (this.#sentBytes !== offsetBytes || !fits) return this.pump();
    this.#sentBytes += payload.length;
    this.sendFrame(frame ?? encodeFrame(FrameKind.output, offsetBytes, payload));
  }

  /** Send what is there and allowed. */
  pump(): void {
    const end = Math.min(this.#recorder.receivedBytes, this.#ackBytes + CREDIT_WINDOW_BYTES);
    while (this.#sentBytes < end) {
      const allowed = Math.min(FRAME_PAYLOAD_MAX_BYTES, end - this.#sentBytes);
      const payload = this.#recorder.read(this.#sentBytes, allowed);
      if (payload.length === 0) return;
      this.sendFrame(encodeFrame(FrameKind.output, this.#sentBytes, payload));
      this.#sentBytes += payload.length;
    }
  }

  sendFrame(bytes: Uint8Array): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(bytes);
  }

  send(message: TerminalToConsole): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
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
