// The agent's one standing connection: to its Workspace object, dialled out, re-dialled for ever.
// It proves the machine's key, answers probes, and brings requests for sessions.
// It ends only by dispose() or by a refusal that no retry can mend.
import { challengeText, type AgentToWorkspace } from '#protocol/control/agent-to-workspace.ts';
import { WorkspaceToAgent } from '#protocol/control/workspace-to-agent.ts';
import { errors, type ErrorCode } from '#protocol/errors.ts';
import type { SessionId } from '#protocol/ids.ts';
import { parseMessage } from '#protocol/parse-message.ts';
import type { MachineFacts } from '#protocol/records.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import type { Clock } from '../clock.ts';
import type { MachineKey } from '../enrollment/machine-key.ts';
import type { Log } from '../log.ts';
import { backoffMs } from './backoff.ts';
import { openRelaySocket, type RelaySocket, type RelaySocketClosed } from './relay-socket.ts';

type SessionRequest = Extract<WorkspaceToAgent, { type: 'session.open' | 'ticket' | 'session.close' }>;

export interface ControlClientOptions {
  readonly relayUrl: string;
  readonly credential: string;
  readonly key: MachineKey;
  readonly facts: MachineFacts;
  readonly clock: Clock;
  readonly log: Log;
  /** Sessions whose pty lives here. */
  sessions(): readonly SessionId[];
  /** Welcomed: now `send` reaches the workspace. */
  connected(): void;
  requested(request: SessionRequest): void;
  /** The relay refused for good. The client has stopped. */
  refused(code: ErrorCode): void;
}

type State =
  | { readonly name: 'stopped' }
  | { readonly name: 'waiting'; readonly cancel: () => void }
  | { readonly name: 'connecting' | 'welcomed'; readonly socket: RelaySocket };

export class ControlClient {
  readonly #options: ControlClientOptions;
  #state: State = { name: 'stopped' };
  #failures = 0;

  constructor(options: ControlClientOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#state.name === 'stopped') this.#dial();
  }

  /** False when there is no welcomed connection now; nothing is queued. */
  send(message: AgentToWorkspace): boolean {
    if (this.#state.name !== 'welcomed') return false;
    this.#state.socket.send(JSON.stringify(message));
    return true;
  }

  dispose(): void {
    const state = this.#state;
    this.#state = { name: 'stopped' };
    if (state.name === 'waiting') state.cancel();
    else if (state.name !== 'stopped') state.socket.close();
  }

  #dial(): void {
    const { relayUrl, credential, clock } = this.#options;
    const url = `${relayUrl.replace(/^http/, 'ws')}/v1/agent`;
    const socket = openRelaySocket(url, `Machine ${credential}`, clock, {
      opened: () => {},
      text: (text) => this.#receive(socket, text),
      bytes: () => {},
      closed: (reason) => this.#closed(reason),
    });
    this.#state = { name: 'connecting', socket };
  }

  #receive(socket: RelaySocket, text: string): void {
    const { log, key, facts } = this.#options;
    const parsed = parseMessage(WorkspaceToAgent, text);
    if (!parsed.ok) {
      // A newer relay may say more than we know.
      log('message.ignored', { socket: 'control', reason: parsed.reason });
      return;
    }
    const { message } = parsed;
    switch (message.type) {
      case 'challenge': {
        const hello: AgentToWorkspace = {
          type: 'hello',
          protocolVersion: PROTOCOL_VERSION,
          signature: key.sign(challengeText(message.nonce)),
          facts,
          sessions: [...this.#options.sessions()],
        };
        socket.send(JSON.stringify(hello));
        return;
      }
      case 'welcome':
        this.#failures = 0;
        this.#state = { name: 'welcomed', socket };
        log('connected', { machineId: message.machineId, machineName: message.machineName });
        this.#options.connected();
        return;
      case 'ping':
        this.send({ type: 'pong', probeId: message.probeId });
        return;
      case 'session.open':
      case 'ticket':
      case 'session.close':
        if (this.#state.name === 'welcomed') this.#options.requested(message);
        return;
    }
  }

  #closed(reason: RelaySocketClosed): void {
    const { clock, log } = this.#options;
    const fatal = reason.error !== null && !errors[reason.error].retryable;
    const retryInMs = fatal ? null : backoffMs(this.#failures, () => clock.random());
    log('disconnected', { code: reason.error, detail: reason.detail, retryInMs });
    if (reason.error !== null && fatal) {
      this.#state = { name: 'stopped' };
      this.#options.refused(reason.error);
      return;
    }
    this.#failures += 1;
    this.#state = { name: 'waiting', cancel: clock.timer(retryInMs ?? 0, () => this.#dial()) };
  }
}
