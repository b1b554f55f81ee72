import { vi } from 'vitest';
import { z } from 'zod';
import { challengeText } from '#protocol/control/agent-to-workspace.ts';
import { BEAT, BEAT_ANSWER } from '#protocol/control/heartbeat.ts';
import { EnrollAnswer } from '#protocol/control/enrollment.ts';
import { WorkspaceToAgent } from '#protocol/control/workspace-to-agent.ts';
import { errorOfCloseCode } from '#protocol/errors.ts';
import type { MachineId } from '#protocol/ids.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { toBase64url } from '../auth/base64url.ts';
import { workerFetch } from './test-console.ts';
import type { TestConsole } from './test-console.ts';

const facts = { hostname: 'west-print-01', os: 'Linux', user: 'root', agentVersion: '0' };

export interface TestKey {
  readonly privateKey: CryptoKey;
  readonly publicKey: string;
}

export async function newKey(): Promise<TestKey> {
  const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new Error('no key pair');
  const raw = await crypto.subtle.exportKey('raw', pair.publicKey);
  if (!(raw instanceof ArrayBuffer)) throw new Error('no raw key');
  return { privateKey: pair.privateKey, publicKey: toBase64url(new Uint8Array(raw)) };
}

export function enroll(
  code: string,
  publicKey: string,
  reported: Partial<typeof facts> = {},
): Promise<Response> {
  const body = JSON.stringify({ code, publicKey, facts: { ...facts, ...reported } });
  return workerFetch('/v1/enroll', { method: 'POST', body });
}

export async function newCode(admin: TestConsole): Promise<string> {
  const created = await admin.result('enrollment.create', { machineName: 'WEST-PRINT-01' });
  return z.object({ code: z.string() }).parse(created).code;
}

/** An agent's control socket: proves its key and answers probes, as the real one. */
export class TestAgent {
  readonly messages: WorkspaceToAgent[] = [];
  /** Error code that it was closed with, once it is. */
  closedBy: string | null = null;
  /** False: like a line that died without a word. */
  answersPings = true;
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket, key: CryptoKey) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      if (data === BEAT_ANSWER) return;
      const message = WorkspaceToAgent.parse(JSON.parse(String(data)));
      this.messages.push(message);
      if (message.type === 'challenge') void this.#prove(key, message.nonce);
      if (message.type === 'ping' && this.answersPings)
        socket.send(JSON.stringify({ type: 'pong', probeId: message.probeId }));
    });
    socket.addEventListener('close', ({ code }) => {
      this.closedBy = errorOfCloseCode(code) ?? String(code);
    });
    socket.accept();
  }

  static async connect(credential: string, key: CryptoKey): Promise<TestAgent> {
    const response = await workerFetch('/v1/agent', {
      headers: { Upgrade: 'websocket', Authorization: `Machine ${credential}` },
    });
    if (response.webSocket === null) throw new Error('no socket');
    return new TestAgent(response.webSocket, key);
  }

  /** Enrolls a new machine and is welcomed. */
  static async enrolled(admin: TestConsole): Promise<{ agent: TestAgent; machineId: MachineId }> {
    const key = await newKey();
    const answer = await enroll(await newCode(admin), key.publicKey);
    const { credential, machineId } = EnrollAnswer.parse(await answer.json());
    const agent = await TestAgent.connect(credential, key.privateKey);
    await agent.until((message) => message.type === 'welcome');
    return { agent, machineId };
  }

  send(message: unknown): void {
    this.#socket.send(JSON.stringify(message));
  }

  beat(): void {
    this.#socket.send(BEAT);
  }

  close(): void {
    this.#socket.close(1000);
  }

  /** The first message that fits, once it is here. */
  until(fits: (message: WorkspaceToAgent) => boolean): Promise<WorkspaceToAgent> {
    return vi.waitFor(() => {
      const found = this.messages.find(fits);
      if (found === undefined) throw new Error(`only ${this.messages.map(({ type }) => type).join()}`);
      return found;
    }, 5000);
  }

  async #prove(key: CryptoKey, nonce: string): Promise<void> {
    const text = new TextEncoder().encode(challengeText(nonce));
    const signature = toBase64url(new Uint8Array(await crypto.subtle.sign({ name: 'Ed25519' }, key, text)));
    this.send({ type: 'hello', protocolVersion: PROTOCOL_VERSION, signature, facts, sessions: [] });
  }
}
