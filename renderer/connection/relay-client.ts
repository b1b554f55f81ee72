// The control socket of one workspace: entry, calls, challenges and reconnecting, as one state machine.
// An entry outlives sockets: after a cut the same sign-in joins it again. What the relay refuses for good ends it.
import { parseMessage } from '#protocol/parse-message.ts';
import { routeUrl } from '#protocol/routes.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { WorkspaceToConsole } from '#protocol/control/workspace-to-console.ts';
import { verbs } from '#protocol/control/verbs.ts';
import type { VerbName, VerbParams, VerbResult } from '#protocol/control/verbs.ts';
import { callError } from './call-error.ts';
import type { CallError } from './call-error.ts';
import { RelayLine } from './relay-line.ts';
import { retryMs } from './retry-ms.ts';
import type { OpenSocket, Timers } from './socket.ts';

export type Entry = VerbResult<'workspace.enter'>;
type EnterParams = VerbParams<'workspace.enter'>;

export type RelayState =
  | { readonly kind: 'idle' }
  /** `entry` is null until the first one: then this is the way in, not a reconnect. */
  | {
      readonly kind: 'connecting';
      readonly entry: Entry | null;
      readonly attempt: number;
      /** Why the last try failed; null on the first. */
      readonly cause: CallError | null;
      readonly sinceMs: number;
      /** When the next try starts; null while one is under way. */
      readonly retryAtMs: number | null;
    }
  | { readonly kind: 'entered'; readonly entry: Entry }
  | { readonly kind: 'refused'; readonly error: CallError };

export type CallOutcome<V extends VerbName> =
  | { readonly ok: true; readonly result: VerbResult<V> }
  | { readonly ok: false; readonly error: CallError };

export type Call = <V extends VerbName>(verb: V, params: VerbParams<V>) => Promise<CallOutcome<V>>;

export type Announcement = Extract<WorkspaceToConsole, { type: 'machines.patch' }>;

export type StayEnding = Extract<WorkspaceToConsole, { type: 'stay.ending' }>;

export interface RelayClientOptions {
  /** ws(s) or http(s) base of the relay. */
  readonly relayUrl: string;
  readonly device: EnterParams['device'];
  readonly open: OpenSocket;
  readonly timers: Timers;
  /** A token of now. Null: the sign-in is gone, or cannot be reached (`offline`). */
  readonly getToken: () => Promise<{ ok: true; token: string } | { ok: false; offline: boolean }>;
  readonly onState: (state: RelayState) => void;
  readonly onAnnouncement: (announcement: Announcement) => void;
  /** The stay ends soon. */
  readonly onStayEnding?: (ending: StayEnding) => void;
}

const CALL_TIMEOUT_MS = 15_000;
/** Challenges come within every token's minute; silence beyond that is a dead socket that nobody closed. */
const SILENCE_MS = 90_000;

/** A relay that refuses too often closes the socket: a call waits until there is room for several again. */
const PACE_MS = 250;

interface Waiting {
  readonly settle: (outcome: { ok: true; result: unknown } | { ok: false; error: CallError }) => void;
  readonly stopTimer: () => void;
}

const UNAVAILABLE = callError('unavailable');

export class RelayClient {
  readonly #options: RelayClientOptions;
  readonly #line: RelayLine;
  #state: RelayState = { kind: 'idle' };
  #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #via: EnterParams['via'] = 'launcher';
  #stopRetry: () => void = () => undefined;
  #stopSilence: () => void = () => undefined;

  constructor(options: RelayClientOptions) {
    this.#options = options;
    const { relayUrl, open, timers, getToken } = options;
    this.#line = new RelayLine({
      url: routeUrl(relayUrl, 'workspace'),
      open,
      timers,
      getToken,
      opened: () => {
        this.#line.established();
        void this.#enterOnSocket();
      },
      text: (data) => this.#received(data),
      binary: () => this.#lost(callError('message_invalid')),
      failed: (error) => (error.retryable ? this.#lost(error) : this.#refused(error)),
    });
  }

  get state(): RelayState {
    return this.#state;
  }

  /** Begin an entry with the sign-in of now. */
  enter(via: EnterParams['via']): void {
    this.#via = via;
    this.#connect({ entry: null, attempt: 0, cause: null, sinceMs: this.#options.timers.now() });
  }

  readonly call: Call = async (verb, params) => {
    const { now, after, random } = this.#options.timers;
    const giveUpAtMs = now() + CALL_TIMEOUT_MS;
    for (;;) {
      if (this.#state.kind !== 'entered') return { ok: false, error: UNAVAILABLE };
      const outcome = await this.#request(verb, params);
      const leastMs = outcome.ok ? undefined : outcome.error.retryAfterMs;
      // Refused for its pace alone, as the pages of a long export may be: nothing was done, so it is asked again.
      if (leastMs === undefined || now() + leastMs > giveUpAtMs) return outcome;
      const waitMs = Math.max(leastMs, PACE_MS) * (1 + random());
      await new Promise<void>((resolve) => {
        after(waitMs, resolve);
      });
    }
  };

  /** The network changed: try at once instead of when the backoff says. */
  retryNow(): void {
    const state = this.#state;
    if (state.kind === 'connecting' && state.retryAtMs !== null) this.#connect(state);
  }

  /** Stop without a word to the relay. Calls still open are answered `unavailable`. */
  dispose(): void {
    this.#drop();
    this.#setState({ kind: 'idle' });
  }

  #connect(from: Omit<Extract<RelayState, { kind: 'connecting' }>, 'kind' | 'retryAtMs'>): void {
    this.#drop();
    this.#line.dial(from.cause !== null);
    this.#setState({ kind: 'connecting', ...from, retryAtMs: null });
  }

  async #enterOnSocket(): Promise<void> {
    const isCurrent = this.#line.present();
    this.#listenForSilence();
    const known = this.#state.kind === 'connecting' ? this.#state.entry : null;
    const outcome = await this.#request('workspace.enter', {
      protocolVersion: PROTOCOL_VERSION,
      via: known === null ? this.#via : 'reconnect',
      device: this.#options.device,
    });
    if (!isCurrent()) return;
    if (outcome.ok) this.#setState({ kind: 'entered', entry: outcome.result });
    else if (outcome.error.retryable) this.#lost(outcome.error);
    else this.#refused(outcome.error);
  }

  #request<V extends VerbName>(verb: V, params: VerbParams<V>): Promise<CallOutcome<V>> {
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve) => {
      const stopTimer = this.#options.timers.after(CALL_TIMEOUT_MS, () => this.#lost(UNAVAILABLE));
      this.#waiting.set(id, {
        stopTimer,
        settle: (outcome) => {
          if (!outcome.ok) return resolve(outcome);
          const parsed = verbs[verb].result.safeParse(outcome.result);
          return resolve(
            parsed.success
              ? // The schema of this very verb parsed it; a generic index hides that from the compiler.
                { ok: true, result: parsed.data as VerbResult<V> }
              : { ok: false, error: callError('message_invalid') },
          );
        },
      });
      this.#line.send(JSON.stringify({ type: 'request', id, verb, params }));
    });
  }

  #received(data: string): void {
    this.#listenForSilence();
    const parsed = parseMessage(WorkspaceToConsole, data);
    if (!parsed.ok) return this.#lost(callError('message_invalid'));
    const { message } = parsed;
    switch (message.type) {
      case 'reply': {
        const waiting = this.#waiting.get(message.id);
        if (waiting === undefined) return undefined;
        this.#waiting.delete(message.id);
        waiting.stopTimer();
        const { outcome } = message;
        if (outcome.ok) return waiting.settle({ ok: true, result: outcome.result });
        const { code, text, retryAfterMs } = outcome.error;
        const error = callError(code, text);
        return waiting.settle({
          ok: false,
          error: retryAfterMs === undefined ? error : { ...error, retryAfterMs },
        });
      }
      case 'challenge':
        return void this.#answerChallenge();
      case 'closing':
        return this.#line.closing(callError(message.error.code, message.error.text));
      case 'stay.ending':
        return this.#options.onStayEnding?.(message);
      case 'machines.patch':
        return this.#options.onAnnouncement(message);
    }
  }

  async #answerChallenge(): Promise<void> {
    const isCurrent = this.#line.present();
    const token = await this.#options.getToken();
    if (!isCurrent()) return;
    if (token.ok) this.#line.send(JSON.stringify({ type: 'token', token: token.token }));
    // Offline: the relay closes when the old one expires, and the reconnect asks again.
    else if (!token.offline) this.#refused(callError('session_inactive'));
  }

  #listenForSilence(): void {
    this.#stopSilence();
    this.#stopSilence = this.#options.timers.after(SILENCE_MS, () => this.#lost(UNAVAILABLE));
  }

  #lost(cause: CallError): void {
    const state = this.#state;
    if (state.kind !== 'entered' && state.kind !== 'connecting') return;
    const { timers } = this.#options;
    const attempt = state.kind === 'entered' ? 0 : state.attempt + 1;
    const sinceMs = state.kind === 'entered' ? timers.now() : state.sinceMs;
    const next = { entry: state.entry, attempt, cause, sinceMs };
    this.#drop();
    const delayMs = retryMs(attempt, timers.random);
    this.#setState({ kind: 'connecting', ...next, retryAtMs: timers.now() + delayMs });
    this.#stopRetry = timers.after(delayMs, () => this.#connect(next));
  }

  #refused(error: CallError): void {
    this.#drop();
    this.#setState({ kind: 'refused', error });
  }

  #drop(): void {
    this.#stopRetry();
    this.#stopSilence();
    this.#line.drop();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { settle, stopTimer } of waiting) {
      stopTimer();
      settle({ ok: false, error: UNAVAILABLE });
    }
  }

  #setState(state: RelayState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}
