import { exports } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import type { VerbName, VerbParams } from '#protocol/control/verbs.ts';
import { WorkspaceToConsole } from '#protocol/control/workspace-to-console.ts';
import type { WireError } from '#protocol/control/wire-error.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';

export type Answer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: WireError };

/** A console's socket to the worker under test. */
export class TestConsole {
  readonly messages: WorkspaceToConsole[] = [];
  readonly #socket: WebSocket;
  #closeCode: number | null = null;
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') this.messages.push(WorkspaceToConsole.parse(JSON.parse(data)));
    });
    socket.addEventListener('close', ({ code }) => {
      this.#closeCode = code;
    });
    socket.accept();
  }

  /** Connects; a refusal shows as `closed()`. */
  static async connect(token: string, headers: Readonly<Record<string, string>> = {}): Promise<TestConsole> {
    const response = await workerFetch('/v1/workspace', {
      headers: { ...headers, Upgrade: 'websocket', Authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(101);
    if (response.webSocket === null) throw new Error('no socket');
    return new TestConsole(response.webSocket);
  }

  /** Connects and enters; expects to be let in. */
  static async enter(token: string): Promise<TestConsole> {
    const console = await TestConsole.connect(token);
    expect(await console.enter()).toMatchObject({ ok: true });
    return console;
  }

  enter(): Promise<Answer> {
    return this.call('workspace.enter', {
      protocolVersion: PROTOCOL_VERSION,
      via: 'launcher',
      device: { installId: 'install', appVersion: '0', windowId: 'window' },
    });
  }

  async call<V extends VerbName>(verb: V, params: VerbParams<V>): Promise<Answer> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#socket.send(JSON.stringify({ type: 'request', id, verb, params }));
    return vi.waitFor(() => {
      const reply = this.messages.find((message) => message.type === 'reply' && message.id === id);
      if (reply?.type !== 'reply') throw new Error(`no reply to ${verb}`);
      return reply.outcome;
    }, WAIT);
  }

  /** The result of a verb that must succeed. */
  async result<V extends VerbName>(verb: V, params: VerbParams<V>): Promise<unknown> {
    const answer = await this.call(verb, params);
    if (!answer.ok) throw new Error(`${verb}: ${answer.error.code}`);
    return answer.result;
  }

  send(data: string | Uint8Array): void {
    this.#socket.send(data);
  }

  /** The close code, once it is closed. */
  closed(): Promise<number> {
    return vi.waitFor(() => {
      if (this.#closeCode === null) throw new Error('still open');
      return this.#closeCode;
    }, WAIT);
  }

  /** Like a process that was killed. */
  vanish(): void {
    this.#socket.close(1001);
  }
}

const WAIT = { timeout: 5000, interval: 5 } as const;

export function workerFetch(path: string, init: RequestInit = {}): Promise<Response> {
  const { default: worker } = exports as unknown as { default: Fetcher };
  return worker.fetch(new Request(`https://relay.test${path}`, init));
}
