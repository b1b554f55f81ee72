// How many sockets a workspace takes, how long one may stay without having proved itself, and how much one may say.
// Each check answers for one caller; the measures are in limits/limits.ts.
import type { ClerkSessionId, MachineId } from '#protocol/ids.ts';
import { refuse } from '#protocol/errors.ts';
import type { Refusal } from '#protocol/errors.ts';
import { Handshakes } from '../limits/handshakes.ts';
import { SOCKETS, UNREAD_MAX_BYTES } from '../limits/limits.ts';
import { agentState, closeAgent, machineTag } from './agent-sockets.ts';
import { CallerLimits } from './caller-limits.ts';
import { closeConsole, consoleState, CONSOLE_TAG } from './console-sockets.ts';
import { refuseCall } from './refuse-call.ts';

const CHALLENGE_TIMEOUT_MS = 5000;

export interface SocketLimitsOptions {
  /** Multiplies every rate: 1 in production. */
  readonly rateLimitScale: number;
  readonly handshakeTimeoutMs: number;
  readonly now: () => number;
  /** Accepted ones with this tag. */
  readonly sockets: (tag: string) => readonly WebSocket[];
}

export class SocketLimits {
  readonly #options: SocketLimitsOptions;
  readonly #callers: CallerLimits;
  /** Consoles that have not entered. */
  readonly consoleHandshakes: Handshakes;
  /** Agents that have not proved their key. */
  readonly agentHandshakes: Handshakes;

  constructor(options: SocketLimitsOptions) {
    this.#options = options;
    this.#callers = new CallerLimits(options.rateLimitScale, options.now);
    this.consoleHandshakes = new Handshakes({
      timeoutMs: options.handshakeTimeoutMs,
      maxWaiting: SOCKETS.waitingConsoles,
      maxOfOne: SOCKETS.waitingConsolesOfOne,
      // Told at once; workerd ends the connection of one that never sent anything with the object's next rest.
      onLate: (socket) => closeConsole(socket, 'handshake_late'),
    });
    this.agentHandshakes = new Handshakes({
      timeoutMs: CHALLENGE_TIMEOUT_MS,
      maxWaiting: SOCKETS.waitingAgents,
      onLate: (socket) => closeAgent(socket, 'challenge_failed'),
    });
  }

  /** Null: one more console of this sign-in may come. */
  refusalOfConsole(sid: ClerkSessionId): Refusal | null {
    const refusal = this.refusalOfTerminal(sid);
    if (refusal !== null) return refusal;
    const isFull = this.#open(CONSOLE_TAG) >= SOCKETS.consoles;
    if (!isFull && this.consoleHandshakes.hasRoom(sid)) return null;
    return { ok: false, code: 'rate_limited', retryAfterMs: this.consoleHandshakes.timeoutMs };
  }

  /** Null: this sign-in may go on to a session's object. Its sockets there count as its consoles do. */
  refusalOfTerminal(sid: ClerkSessionId): Refusal | null {
    const retryAfterMs = this.#callers.consoleSocket(sid);
    return retryAfterMs === null ? null : { ok: false, code: 'rate_limited', retryAfterMs };
  }

  /** Null: one more agent with this machine's credential may come. */
  refusalOfAgent(machineId: MachineId): Refusal | null {
    if (!this.agentHandshakes.hasRoom()) return refuse('unavailable');
    const hasRoom =
      this.#callers.agentSocket(machineId) && this.#open(machineTag(machineId)) < SOCKETS.agentsOfOne;
    return hasRoom ? null : refuse('rate_limited');
  }

  /** Is this message not to be handled? Then it is answered here, or its socket closed. */
  holdsBack(socket: WebSocket, data: string | ArrayBuffer): boolean {
    const console = consoleState(socket);
    const agent = agentState(socket);
    if (console === null) {
      if (agent === null || this.#callers.agentMessage(agent.machineId)) return false;
      closeAgent(socket, 'rate_limited');
      return true;
    }
    if (socket.bufferedAmount > UNREAD_MAX_BYTES) {
      closeConsole(socket, 'reader_stalled');
      return true;
    }
    const { sid } = console.person;
    const retryAfterMs = this.#callers.call(sid);
    if (retryAfterMs === null) return false;
    if (this.#callers.mayBeTold(sid)) return refuseCall(socket, console, data, retryAfterMs);
    closeConsole(socket, 'rate_limited');
    return true;
  }

  #open(tag: string): number {
    return this.#options.sockets(tag).filter(({ readyState }) => readyState === WebSocket.OPEN).length;
  }
}
