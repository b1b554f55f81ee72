import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { challengeText } from '#protocol/control/agent-to-workspace.ts';
import { EnrollAnswer } from '#protocol/control/enrollment.ts';
import { WorkspaceToAgent } from '#protocol/control/workspace-to-agent.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { ProveSocket } from '../attack/prove-socket.ts';
import { LightSession } from './light-session.ts';
import type { LightProgram } from './light-session.ts';

export interface MachineKey {
  readonly privateKey: KeyObject;
  /** Raw, base64url: as an enrollment names it. */
  readonly publicKey: string;
}

export function newMachineKey(): MachineKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x } = z.object({ x: z.string() }).parse(publicKey.export({ format: 'jwk' }));
  return { privateKey, publicKey: x };
}

export interface Enrolled {
  readonly machineId: string;
  readonly credential: string;
}

export const factsOf = (hostname: string) => ({ hostname, os: 'Linux', user: 'root', agentVersion: '0.1.0' });

/** POST /v1/enroll as a machine does. */
export async function postEnrollment(
  url: string,
  code: string,
  key: MachineKey,
  hostname: string,
): Promise<{ readonly status: number; readonly text: string; readonly enrolled: Enrolled | null }> {
  const response = await fetch(`${url}/v1/enroll`, {
    method: 'POST',
    body: JSON.stringify({ code, publicKey: key.publicKey, facts: factsOf(hostname) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    text,
    enrolled: response.ok ? EnrollAnswer.parse(JSON.parse(text)) : null,
  };
}

/** The answer to a challenge. */
export function helloFor(nonce: string, key: MachineKey, hostname: string, sessions: readonly string[]) {
  const signature = sign(null, Buffer.from(challengeText(nonce)), key.privateKey).toString('base64url');
  return { type: 'hello', protocolVersion: PROTOCOL_VERSION, signature, facts: factsOf(hostname), sessions };
}

export interface LightAgentOptions {
  readonly url: string;
  readonly enrolled: Enrolled;
  readonly key: MachineKey;
  readonly hostname: string;
  readonly program: () => LightProgram;
  readonly onReceived: (text: string) => void;
}

const RETRY_MS = 150;

/** A machine's agent without a machine: real key, real credential, sessions from programs. Comes back when it is cut. */
export class LightAgent {
  readonly sessions = new Map<string, LightSession>();
  readonly #options: LightAgentOptions;
  #socket: ProveSocket | null = null;
  #disposed = false;
  /** What its messages on data sockets carry beside; see LightSession. */
  smuggled: Readonly<Record<string, unknown>> = {};

  private constructor(options: LightAgentOptions) {
    this.#options = options;
  }

  /** Connects and is welcomed. */
  static async connect(options: LightAgentOptions): Promise<LightAgent> {
    const agent = new LightAgent(options);
    if (!(await agent.#connect()))
      throw new Error(`the relay does not welcome ${options.enrolled.machineId}`);
    return agent;
  }

  send(message: unknown): void {
    this.#socket?.send(message);
  }

  dispose(): void {
    this.#disposed = true;
    for (const session of this.sessions.values()) session.dispose();
    this.#socket?.cut();
  }

  async #connect(): Promise<boolean> {
    const { url, enrolled, key, hostname, onReceived } = this.#options;
    const socket = await ProveSocket.dial({
      url: `${url}/v1/agent`,
      headers: { Authorization: `Machine ${enrolled.credential}` },
      onReceived,
    });
    if (!(socket instanceof ProveSocket)) return false;
    const welcomed = socket.next((text) => text.includes('"welcome"'));
    socket.listen((text) => {
      const message = WorkspaceToAgent.parse(JSON.parse(text));
      switch (message.type) {
        case 'challenge':
          return socket.send(helloFor(message.nonce, key, hostname, [...this.sessions.keys()]));
        case 'welcome':
          this.#socket = socket;
          // Data sockets were cut with the relay.
          for (const sessionId of this.sessions.keys()) this.send({ type: 'ticket.request', sessionId });
          return;
        case 'ping':
          return socket.send({ type: 'pong', probeId: message.probeId });
        case 'session.open':
          return void this.#session(message.sessionId).attach(message.ticket);
        case 'ticket':
          return void this.sessions.get(message.sessionId)?.attach(message.ticket);
        case 'session.close':
          return this.sessions.get(message.sessionId)?.end();
        case 'checkpoint':
          return;
      }
    });
    void socket.ended.then(() => this.#comeBack(socket));
    return typeof (await welcomed) === 'string';
  }

  #session(sessionId: string): LightSession {
    const session = new LightSession({
      url: this.#options.url,
      program: this.#options.program(),
      onLost: () => this.send({ type: 'ticket.request', sessionId }),
      onReceived: this.#options.onReceived,
      smuggled: () => this.smuggled,
    });
    this.sessions.set(sessionId, session);
    return session;
  }

  async #comeBack(socket: ProveSocket): Promise<void> {
    if (this.#socket === socket) this.#socket = null;
    while (!this.#disposed && this.#socket === null) {
      await delay(RETRY_MS);
      if (!this.#disposed && (await this.#connect())) return;
    }
  }
}
