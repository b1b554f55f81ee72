// The line of one terminal session: dialled, open, lost and dialled again, until the session is over or refused. What is
// said on it is for terminal-client.ts to know.
import type { SessionEndReason } from '#protocol/records.ts';
import { callError } from './call-error.ts';
import type { CallError } from './call-error.ts';
import { RelayLine } from './relay-line.ts';
import type { RelayLineOptions } from './relay-line.ts';
import { retryMs } from './retry-ms.ts';

export type TerminalState =
  | { readonly kind: 'connecting'; readonly attempt: number; readonly cause: CallError | null }
  /** `silent`: there as far as the relay knows, but what was typed has no answer. */
  | { readonly kind: 'open'; readonly agent: 'connected' | 'silent' | 'lost' }
  | { readonly kind: 'ended'; readonly reason: SessionEndReason; readonly exitCode: number | null }
  | { readonly kind: 'refused'; readonly error: CallError };

export interface TerminalLineOptions extends Omit<RelayLineOptions, 'failed'> {
  /** What was typed has had no answer for a while. */
  readonly isSilent: () => boolean;
  readonly onState: (state: TerminalState) => void;
  /** Nothing more is heard on it: what was waited for does not come. */
  readonly dropped: () => void;
}

export class TerminalLine {
  readonly #options: TerminalLineOptions;
  readonly #line: RelayLine;
  #state: TerminalState = { kind: 'connecting', attempt: 0, cause: null };
  #isReady = false;
  #stopRetry: () => void = () => undefined;

  constructor(options: TerminalLineOptions) {
    this.#options = options;
    this.#line = new RelayLine({
      ...options,
      failed: (error) => (error.retryable ? this.lost(error) : this.#refused(error)),
    });
  }

  get state(): TerminalState {
    return this.#state;
  }

  /** The relay has answered `hello` on the present line. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** The machine is there and takes input. */
  get takesInput(): boolean {
    return this.#isReady && this.#state.kind === 'open' && this.#state.agent !== 'lost';
  }

  connect(): void {
    this.#connect(0, null);
  }

  /** @see TerminalClient.reconnectNow */
  reconnectNow(): void {
    if (this.#state.kind === 'connecting' || this.#state.kind === 'open') this.#connect(0, null);
  }

  /** @see TerminalClient.retryNow */
  retryNow(): void {
    if (this.#state.kind === 'connecting') this.#connect(this.#state.attempt, this.#state.cause);
  }

  /** What was typed has no answer: it may be the line that is dead. */
  askAgain(): void {
    this.#setState({ kind: 'open', agent: 'silent' });
    this.#connect(0, callError('unavailable'));
  }

  /** The relay has answered `hello`; how the machine is comes with `setOpen`. */
  established(): void {
    this.#line.established();
    this.#isReady = true;
  }

  /** The machine is there, as far as the relay knows, or is not. */
  setOpen(agent: 'connected' | 'lost'): void {
    const silent = agent === 'connected' && this.#options.isSilent();
    this.#setState({ kind: 'open', agent: silent ? 'silent' : agent });
  }

  /** It is of no use any more, and is dialled again. */
  lost(cause: CallError): void {
    if (this.#state.kind !== 'connecting' && this.#state.kind !== 'open') return;
    const attempt = this.#state.kind === 'open' ? 0 : this.#state.attempt + 1;
    const { timers } = this.#options;
    this.drop();
    this.#setState({ kind: 'connecting', attempt, cause });
    this.#stopRetry = timers.after(retryMs(attempt, timers.random), () => this.#connect(attempt, cause));
  }

  /** The session is over. */
  ended(reason: SessionEndReason, exitCode: number | null): void {
    this.#setState({ kind: 'ended', reason, exitCode });
    this.drop();
  }

  /** The relay said why it is about to close. */
  closing(error: CallError): void {
    this.#line.closing(error);
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    this.#line.send(data);
  }

  drop(): void {
    this.#isReady = false;
    this.#stopRetry();
    this.#options.dropped();
    this.#line.drop();
  }

  #connect(attempt: number, cause: CallError | null): void {
    this.drop();
    this.#line.dial(cause !== null);
    // A line that is asked once more because the machine is silent is not lost yet.
    if (!this.#options.isSilent() || attempt > 0) this.#setState({ kind: 'connecting', attempt, cause });
  }

  #refused(error: CallError): void {
    this.drop();
    this.#setState({ kind: 'refused', error });
  }

  #setState(state: TerminalState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}
