import { once } from 'node:events';
import { WebSocket } from 'ws';
import { WorkspaceToConsole } from '#protocol/control/workspace-to-console.ts';
import type { VerbName } from '#protocol/control/verbs.ts';
import { errorOfCloseCode } from '#protocol/errors.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { waitFor } from '../harness/wait-for.ts';

export type Answer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: { readonly code: string } };

export const ENTER = {
  protocolVersion: PROTOCOL_VERSION,
  via: 'launcher',
  device: { installId: 'hostile', appVersion: '0', windowId: 'hostile' },
} as const;

/** A WebSocket client that keeps to no rule of ours: it sends what it is told and never comes back by itself. */
export class HostilePeer {
  readonly socket: WebSocket;
  readonly messages: unknown[] = [];
  readonly frames: Buffer[] = [];
  #lastId = 0;
  #closed: number | null = null;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data, isBinary) => {
      const bytes = Buffer.isBuffer(data) ? data : Buffer.concat(data instanceof ArrayBuffer ? [] : data);
      if (isBinary) this.frames.push(bytes);
      else this.messages.push(JSON.parse(bytes.toString()));
    });
    socket.on('error', () => {});
    socket.on('close', (code) => {
      this.#closed = code;
    });
  }

  static async dial(url: string, headers: Readonly<Record<string, string>>): Promise<HostilePeer> {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers, perMessageDeflate: false });
    const peer = new HostilePeer(socket);
    await once(socket, 'open');
    return peer;
  }

  /** What the relay closed with; waits for it. */
  async refusal(): Promise<ErrorCode | number> {
    const code = await waitFor('the relay to close', () => this.#closed);
    return errorOfCloseCode(code) ?? code;
  }

  get isClosed(): boolean {
    return this.#closed !== null;
  }

  send(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Sends a request without waiting. @returns its id */
  ask(verb: VerbName, params: unknown): number {
    this.#lastId += 1;
    this.send({ type: 'request', id: this.#lastId, verb, params });
    return this.#lastId;
  }

  async call(verb: VerbName, params: unknown): Promise<Answer> {
    const id = this.ask(verb, params);
    return waitFor(`the answer to ${verb}`, () => {
      const reply = this.replies().find((one) => one.id === id);
      if (reply === undefined && this.isClosed) throw new Error(`closed before ${verb} was answered`);
      return reply?.outcome;
    });
  }

  /** The result of a call that has to be granted. */
  async must(verb: VerbName, params: unknown): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.call(verb, params);
    if (!answer.ok) throw new Error(`${verb}: ${answer.error.code}`);
    return answer.result as Record<string, unknown>;
  }

  replies() {
    return this.messages.flatMap((message) => {
      const parsed = WorkspaceToConsole.safeParse(message);
      return parsed.success && parsed.data.type === 'reply' ? [parsed.data] : [];
    });
  }

  /** From now on the peer does not answer a close: its half of the line stays open. */
  ignoreCloses(): void {
    // The ws library answers by itself, from a listener on its receiver.
    const receiver: unknown = Reflect.get(this.socket, '_receiver');
    if (!(receiver instanceof Object) || !('removeAllListeners' in receiver)) throw new Error('another ws');
    Reflect.apply(receiver.removeAllListeners as () => void, receiver, ['conclude']);
  }

  end(): void {
    this.socket.terminate();
  }
}
