import { vi } from 'vitest';
import { z } from 'zod';
import { BEAT, BEAT_ANSWER } from '#protocol/control/heartbeat.ts';
import { errorOfCloseCode } from '#protocol/errors.ts';
import { decodeFrame, FrameKind } from '#protocol/frame/frame.ts';
import type { Frame } from '#protocol/frame/frame.ts';
import { workerFetch } from './test-console.ts';

const Message = z.looseObject({ type: z.string() });

/** Either end's socket on a session: what came, in order, and nothing done about it. */
export class TerminalSocket {
  readonly messages: z.infer<typeof Message>[] = [];
  readonly frames: Frame[] = [];
  closedBy: string | null = null;
  beatsAnswered = 0;
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', ({ data }) => {
      if (data === BEAT_ANSWER) this.beatsAnswered += 1;
      else if (typeof data === 'string') this.messages.push(Message.parse(JSON.parse(data)));
      else if (data instanceof ArrayBuffer) {
        const decoded = decodeFrame(new Uint8Array(data));
        if (decoded.ok) this.frames.push(decoded.frame);
      }
    });
    socket.addEventListener('close', ({ code }) => {
      this.closedBy = errorOfCloseCode(code) ?? String(code);
    });
    socket.accept();
  }

  static async open(path: string, authorization: string): Promise<TerminalSocket> {
    const response = await workerFetch(path, {
      headers: { Upgrade: 'websocket', Authorization: authorization },
    });
    if (response.webSocket === null) throw new Error('no socket');
    return new TerminalSocket(response.webSocket);
  }

  say(message: unknown): void {
    this.#socket.send(JSON.stringify(message));
  }

  sendFrame(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  beat(): void {
    this.#socket.send(BEAT);
  }

  close(): void {
    this.#socket.close(1000);
  }

  /** Output payloads so far, as text. */
  output(): string {
    const parts = this.frames.filter(({ kind }) => kind === FrameKind.output);
    return parts.map(({ payload }) => new TextDecoder('latin1').decode(payload)).join('');
  }

  lastOffset(kind: FrameKind): number {
    return this.frames.findLast((frame) => frame.kind === kind)?.offsetBytes ?? -1;
  }

  message(type: string): Promise<z.infer<typeof Message>> {
    return this.until(`message ${type}`, () => this.messages.find((message) => message.type === type));
  }

  until<R>(what: string, look: () => R | undefined | false): Promise<R> {
    return vi.waitFor(() => {
      const found = look();
      if (found === undefined || found === false) throw new Error(`waiting for ${what}`);
      return found;
    }, 5000);
  }
}
