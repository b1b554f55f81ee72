import { setTimeout as delay } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { z } from 'zod';
import type { ConsoleToWorkspace } from '#protocol/control/console-to-workspace.ts';
import { verbs } from '#protocol/control/verbs.ts';
import type { LeaveReason, TerminalSize, VerbName, VerbParams, VerbResult } from '#protocol/control/verbs.ts';
import { WorkspaceToConsole } from '#protocol/control/workspace-to-console.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import type { MachineId, SessionId } from '#protocol/ids.ts';
import type { MachineRow } from '#protocol/records.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { isPassing, openPeerSocket, PeerRefused } from './peer-socket.ts';
import { TerminalPeer } from './terminal-peer.ts';
import type { TerminalPeerOptions } from './terminal-peer.ts';
import { createWaiters } from './waiters.ts';

export interface WorkspacePeerOptions {
  readonly relayUrl: string;
  /** A token of the organization, asked for at every connection and every challenge. */
  readonly getToken: () => Promise<string>;
  readonly via?: VerbParams<'workspace.enter'>['via'];
}

/** A verb was refused. */
export class CallRefused extends Error {
  readonly code: string;

  constructor(code: string, text: string) {
    super(`${code}: ${text}`);
    this.name = 'CallRefused';
    this.code = code;
  }
}

const RETRY_MS = 150;
const LIMIT_MS = 20_000;
const DEFAULT_SIZE: TerminalSize = { cols: 120, rows: 40 };

/**
 * A console without a window, for tests: it enters a workspace, answers challenges, calls verbs, opens terminals.
 * Cut off by the network or a dying relay it comes back by itself; refused, it stays away.
 */
export class WorkspacePeer {
  readonly #options: WorkspacePeerOptions;
  readonly #waiters = createWaiters();
  readonly #calls = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  readonly #terminals = new Set<TerminalPeer>();
  /** The newest row of every machine that changed since the entry. */
  readonly machines = new Map<MachineId, MachineRow>();
  #socket: WebSocket | null = null;
  #lastId = 0;
  #returning = false;
  #entered: VerbResult<'workspace.enter'> | null = null;
  #closedBy: ErrorCode | 'disposed' | null = null;

  private constructor(options: WorkspacePeerOptions) {
    this.#options = options;
  }

  /** @throws PeerRefused, CallRefused, or Error without a relay */
  static async connect(options: WorkspacePeerOptions): Promise<WorkspacePeer> {
    const peer = new WorkspacePeer(options);
    await peer.#dial(options.via ?? 'launcher');
    return peer;
  }

  get entered(): VerbResult<'workspace.enter'> {
    if (this.#entered === null) throw new Error('not entered');
    return this.#entered;
  }

  /** Has it a line to the relay? */
  get isConnected(): boolean {
    return this.#socket !== null && this.#closedBy === null;
  }

  /** Why the relay closed for good; null while it has not. */
  get closedBy(): ErrorCode | null {
    return this.#closedBy === 'disposed' ? null : this.#closedBy;
  }

  /** @throws CallRefused with the relay's code; PeerRefused when the workspace is closed */
  async call<V extends VerbName>(verb: V, params: VerbParams<V>): Promise<VerbResult<V>> {
    await this.until('a connection', () => this.#socket !== null || this.#closedBy !== null);
    const result = await this.#request(verb, params);
    const schema = verbs[verb].result as unknown as z.ZodType<VerbResult<V>>;
    return schema.parse(result);
  }

  /** Opens a session on the machine and connects to it, until the relay is ready for input. */
  async openTerminal(machineId: MachineId, options: TerminalPeerOptions = {}): Promise<TerminalPeer> {
    const size = options.size ?? DEFAULT_SIZE;
    const { sessionId } = await this.call('session.open', { machineId, size });
    return this.attachTerminal(machineId, sessionId, options);
  }

  /** Connects to a session that is there already. */
  async attachTerminal(
    machineId: MachineId,
    sessionId: SessionId,
    options: TerminalPeerOptions = {},
  ): Promise<TerminalPeer> {
    const { relayUrl, getToken } = this.#options;
    const terminal = new TerminalPeer({
      url: `${relayUrl}/v1/terminals/${machineId}/${sessionId}`,
      sessionId,
      getToken,
      size: options.size ?? DEFAULT_SIZE,
      ...options,
    });
    this.#terminals.add(terminal);
    await terminal.connect();
    return terminal;
  }

  /** Waits for a condition over this peer's state. */
  until(what: string, condition: () => boolean, limitMs = LIMIT_MS): Promise<void> {
    return this.#waiters.wait(what, condition, limitMs, () => `closed by: ${this.#closedBy ?? 'nobody'}`);
  }

  async leave(reason: LeaveReason): Promise<void> {
    await this.call('workspace.leave', { reason });
    this.dispose();
  }

  /** As a process that dies: no goodbye. */
  dispose(): void {
    this.#closedBy ??= 'disposed';
    for (const terminal of this.#terminals) terminal.dispose();
    this.#socket?.terminate();
    this.#failCalls(new Error('the peer was disposed'));
  }

  /** The line breaks; the peer comes back. */
  cut(): void {
    this.#socket?.terminate();
  }

  async #dial(via: VerbParams<'workspace.enter'>['via']): Promise<void> {
    const token = await this.#options.getToken();
    const socket = await openPeerSocket(`${this.#options.relayUrl}/v1/workspace`, token, {
      text: (text) => this.#receive(text),
      bytes: () => {},
      closed: (code) => this.#closed(socket, code),
    });
    if (this.#closedBy === 'disposed') {
      socket.terminate();
      return;
    }
    this.#socket = socket;
    const schema = verbs['workspace.enter'].result;
    this.#entered = schema.parse(
      await this.#request('workspace.enter', {
        protocolVersion: PROTOCOL_VERSION,
        via,
        device: { installId: 'test', appVersion: '0.1.0', windowId: 'test' },
      }),
    );
    this.#waiters.look();
  }

  #request<V extends VerbName>(verb: V, params: VerbParams<V>): Promise<unknown> {
    const { closedBy } = this;
    if (closedBy !== null) return Promise.reject(new PeerRefused(closedBy));
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      this.#send({ type: 'request', id, verb, params });
    });
  }

  #send(message: ConsoleToWorkspace): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #receive(text: string): void {
    const message = WorkspaceToConsole.parse(JSON.parse(text));
    switch (message.type) {
      case 'reply': {
        const call = this.#calls.get(message.id);
        this.#calls.delete(message.id);
        const { outcome } = message;
        if (outcome.ok) call?.resolve(outcome.result);
        else call?.reject(new CallRefused(outcome.error.code, outcome.error.text));
        break;
      }
      case 'challenge':
        void this.#options.getToken().then((token) => this.#send({ type: 'token', token }));
        break;
      case 'machines.patch':
        for (const machine of message.changed ?? []) this.machines.set(machine.machineId, machine);
        for (const machineId of message.removed) this.machines.delete(machineId);
        break;
      case 'stay.ending':
      case 'closing':
        break;
    }
    this.#waiters.look();
  }

  #closed(socket: WebSocket, code: ErrorCode | null): void {
    if (this.#socket !== null && this.#socket !== socket) return;
    this.#socket = null;
    if (this.#closedBy === null && code !== null && !isPassing(code)) this.#closedBy = code;
    this.#failCalls(code === null ? new Error('the connection was lost') : new PeerRefused(code));
    this.#waiters.look();
    if (this.#closedBy === null && this.#entered !== null) void this.#comeBack();
  }

  async #comeBack(): Promise<void> {
    if (this.#returning) return;
    this.#returning = true;
    while (this.#closedBy === null && this.#socket === null) {
      await delay(RETRY_MS);
      // Failed again: there is still no relay, or it refused, which #closed() has noted.
      await this.#dial('reconnect').catch(() => {});
    }
    this.#returning = false;
  }

  #failCalls(error: Error): void {
    for (const { reject } of this.#calls.values()) reject(error);
    this.#calls.clear();
  }
}
