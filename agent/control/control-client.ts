// The agent's one standing connection: to its Workspace object, dialled out, re-dialled for ever.
// It proves the machine's key, answers probes, and brings requests for sessions.
// It ends only by dispose() or by a refusal that no retry can mend.
import { backoffMs } from '#protocol/backoff.ts';
import { challengeText, type AgentToWorkspace } from '#protocol/control/agent-to-workspace.ts';
import { WorkspaceToAgent } from '#protocol/control/workspace-to-agent.ts';
import { errors, type ErrorCode } from '#protocol/errors.ts';
import type { SessionId } from '#protocol/ids.ts';
import { parseMessage } from '#protocol/parse-message.ts';
import type { MachineFacts } from '#protocol/records.ts';
import { routeUrl } from '#protocol/routes.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import type { Clock } from '../clock.ts';
import type { MachineKey } from '../enrollment/machine-key.ts';
import type { Log } from '../log.ts';
import { idleBackoffMs, slowRetryMs } from './backoff.ts';
import { openRelaySocket, type RelaySocket, type RelaySocketClosed } from './relay-socket.ts';

type WorkspaceRequest = Extract<
  WorkspaceToAgent,
  { type: 'session.open' | 'ticket' | 'session.close' | 'checkpoint' }
>;

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
  requested(request: WorkspaceRequest): void;
  /** The relay refused, and a person should know; `stopped`: for good, nothing is tried again. */
  refused(code: ErrorCode, stopped: boolean): void;
}

type State =
  | { readonly name: 'stopped' }
  /** `patient`: only time may end the wait. */
  | { readonly name: 'waiting'; readonly cancel: () => void; readonly patient: boolean }
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

  /** The machine woke up, or its network changed: what stood may be dead, and what failed may work now. */
  lineChanged(): void {
    const state = this.#state;
    if ('socket' in state) return state.socket.probe();
    if (state.name === 'stopped' || state.patient) return;
    state.cancel();
    this.#failures = 0;
    this.#wait(
      backoffMs(0, () => this.#options.clock.random()),
      false,
    );
  }

  dispose(): void {
    const state = this.#state;
    this.#state = { name: 'stopped' };
    if (state.name === 'waiting') state.cancel();
    else if (state.name !== 'stopped') state.socket.close();
  }

  #dial(): void {
    const { relayUrl, credential, clock } = this.#options;
    const events = {
      opened: () => {},
      text: (text: string) => this.#receive(socket, text),
      bytes: () => {},
      closed: (reason: RelaySocketClosed) => this.#closed(reason),
    };
    const socket = openRelaySocket(routeUrl(relayUrl, 'agent'), `Machine ${credential}`, clock, events);
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
      case 'checkpoint':
        if (this.#state.name === 'welcomed') this.#options.requested(message);
        return;
    }
  }

  #closed(reason: RelaySocketClosed): void {
    const { clock, log } = this.#options;
    const { error } = reason;
    const fatal = error !== null && !errors[error].retryable;
    const slowMs = slowRetryMs(error, () => clock.random());
    const retryInMs = fatal ? null : (slowMs ?? this.#backoffMs());
    log('disconnected', { code: error, detail: reason.detail, retryInMs });
    if (retryInMs === null) this.#state = { name: 'stopped' };
    else this.#wait(retryInMs, slowMs !== null);
    this.#failures += 1;
    if (error !== null && (fatal || slowMs !== null)) this.#options.refused(error, fatal);
  }

  #backoffMs(): number {
    const backoff = this.#options.sessions().length > 0 ? backoffMs : idleBackoffMs;
    return backoff(this.#failures, () => this.#options.clock.random());
  }

  #wait(delayMs: number, patient: boolean): void {
    this.#state = {
      name: 'waiting',
      patient,
      cancel: this.#options.clock.timer(delayMs, () => this.#dial()),
    };
  }
}
