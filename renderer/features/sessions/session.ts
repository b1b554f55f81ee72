import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import type { MachineId, SessionId, UserId } from '#protocol/ids.ts';
import type { CallError } from '../../connection/call-error.ts';
import type { Call } from '../../connection/relay-client.ts';
import { TerminalClient } from '../../connection/terminal-client.ts';
import type {
  SessionMode,
  SessionPeople,
  TerminalClientOptions,
  TerminalState,
} from '../../connection/terminal-client.ts';
import { isAnswer } from '../../terminal/terminal-answers.ts';
import { TerminalView } from '../../terminal/terminal-view.ts';
import { linkText } from './session-text.ts';
import { StepRunner } from './step-runner.ts';
import type { Runnable, RunState } from './step-runner.ts';

export interface SessionState {
  readonly sessionId: SessionId | null;
  readonly phase:
    | { readonly kind: 'opening' }
    | { readonly kind: 'failed'; readonly error: CallError }
    | { readonly kind: 'live'; readonly terminal: TerminalState };
  /** Output that is missing on screen, and in the recording only. */
  readonly skipped: Skipped | null;
  readonly run: RunState | null;
  /** Who types and who looks on; null until it is told. */
  readonly people: SessionPeople | null;
  /** Something short to say about the last key or paste. */
  readonly hint: string | null;
}

export interface Skipped {
  readonly bytes: number;
  /** While it is being loaded: what is still to come. */
  readonly leftBytes: number | null;
}

/** Where output was first skipped, and what stood on screen there. */
interface Gap {
  readonly fromBytes: number;
  before: string;
}

/** A session that is there already, and how to come to it. */
export type KnownSession =
  | { readonly sessionId: SessionId; readonly mode: 'watch' }
  /** With the keyboard, which was this person's or a colleague's so far. */
  | { readonly sessionId: SessionId; readonly mode: 'type'; readonly from: UserId };

export interface SessionPorts {
  readonly call: Call;
  readonly connection: Pick<TerminalClientOptions, 'relayUrl' | 'open' | 'timers' | 'getToken'>;
  readonly isReserved: (event: KeyboardEvent) => boolean;
}

/** One tab: a terminal on screen and the session behind it. */
export class Session {
  readonly store: StoreApi<SessionState>;
  readonly view: TerminalView;
  readonly key: string;
  readonly machineId: MachineId;
  readonly machineName: string;
  /** Tells apart several sessions on one machine: 1 for the first. */
  readonly ordinal: number;
  readonly #ports: SessionPorts;
  readonly #known: KnownSession | null;
  readonly #encoder = new TextEncoder();
  #client: TerminalClient | null = null;
  #runner: StepRunner | null = null;
  #started = false;
  #disposed = false;
  #held = false;
  #gap: Gap | null = null;
  /** Output up to here is being loaded; null: none is. */
  #loadingTo: number | null = null;

  constructor(
    ports: SessionPorts,
    target: {
      key: string;
      machineId: MachineId;
      machineName: string;
      ordinal: number;
      /** Null: a new one. */
      known: KnownSession | null;
    },
  ) {
    this.#ports = ports;
    this.key = target.key;
    this.machineId = target.machineId;
    this.machineName = target.machineName;
    this.ordinal = target.ordinal;
    this.#known = target.known;
    this.store = createStore<SessionState>(() => ({
      sessionId: target.known?.sessionId ?? null,
      people: null,
      phase: { kind: 'opening' },
      skipped: null,
      run: null,
      hint: null,
    }));
    this.view = new TerminalView({
      label: `Terminal on ${target.machineName}`,
      isReserved: ports.isReserved,
      onInput: (bytes) => this.#type(bytes),
      onResize: (size) => this.#client?.resize(size),
      onLink: (address) => this.hint(address === null ? null : linkText(address)),
    });
  }

  /** The terminal stands on screen and knows its size. Opens the session, or takes up the one it was made for. */
  async start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    const { size } = this.view;
    if (this.#known !== null) return this.#startKnown(this.#known, size);
    const { machineId } = this;
    const answer = await this.#ports.call('session.open', { machineId, size });
    if (this.#disposed) {
      // The tab was closed before the answer: nobody would ever end this session.
      if (answer.ok) await this.#ports.call('session.close', { sessionId: answer.result.sessionId });
      return undefined;
    }
    if (!answer.ok) return this.store.setState({ phase: { kind: 'failed', error: answer.error } });
    this.store.setState({ sessionId: answer.result.sessionId });
    return this.#connect(answer.result.sessionId, this.view.size, 'type');
  }

  async #startKnown(known: KnownSession, size: TerminalSize): Promise<void> {
    const { sessionId, mode } = known;
    if (known.mode === 'type') {
      const taken = await this.#ports.call('session.take', { sessionId, from: known.from });
      if (this.#disposed) return;
      if (!taken.ok) return this.store.setState({ phase: { kind: 'failed', error: taken.error } });
    }
    this.#connect(sessionId, size, mode);
  }

  /** This console looks on: the keyboard is another's. */
  get watches(): boolean {
    return this.store.getState().people?.mode === 'watch';
  }

  /** The keyboard is to be this console's; where it is let go because another has it, it looks on first. */
  async takeOver(): Promise<void> {
    const { sessionId, people, phase } = this.store.getState();
    if (sessionId === null || phase.kind !== 'live') return;
    if (phase.terminal.kind === 'refused' && phase.terminal.error.code === 'session_taken_over') {
      this.#client?.dispose();
      this.#gap = null;
      this.store.setState({ skipped: null, people: null });
      this.view.redraw('');
      this.#connect(sessionId, this.view.size, 'watch');
    } else if (people?.mode === 'watch') {
      const taken = await this.#ports.call('session.take', { sessionId, from: people.typist.userId });
      if (!taken.ok) this.hint(taken.error.text);
    }
  }

  async retry(): Promise<void> {
    if (this.store.getState().phase.kind !== 'failed') return;
    this.store.setState({ phase: { kind: 'opening' } });
    this.#started = false;
    await this.start();
  }

  get over(): boolean {
    const { phase } = this.store.getState();
    return (
      phase.kind === 'failed' ||
      (phase.kind === 'live' && (phase.terminal.kind === 'ended' || phase.terminal.kind === 'refused'))
    );
  }

  paste(text: string): void {
    this.view.paste(text);
    this.view.focus();
  }

  hint(hint: string | null): void {
    this.store.setState({ hint });
  }

  /** Type the steps one by one; the next waits until the machine's shell reports the end of the one before. */
  run(runbook: Runnable): void {
    this.#runner?.stop();
    this.#runner = new StepRunner(
      runbook,
      (line) => this.#type(this.#encoder.encode(`${line}\r`)),
      (run) => this.store.setState({ run }),
    );
    this.#runner.start();
    this.view.focus();
  }

  /** Types no further step of a run under way; puts away the result of one that is over. */
  endRun(): void {
    if (this.store.getState().run?.state === 'running') {
      this.#runner?.stop();
    } else {
      this.#runner = null;
      this.store.setState({ run: null });
    }
    this.view.focus();
  }

  reconnectNow(): void {
    this.#client?.reconnectNow();
  }

  /** Takes no input while held, from keys, pastes or runbooks; output goes on. */
  hold(held: boolean): void {
    this.#held = held;
    if (held) this.#runner?.stop();
  }

  /** Ends the session on the machine. */
  async end(): Promise<void> {
    const { sessionId } = this.store.getState();
    if (sessionId !== null && !this.over && !this.watches)
      await this.#ports.call('session.close', { sessionId });
  }

  /** Lets go of it here; on the machine it runs on. */
  dispose(): void {
    this.#disposed = true;
    this.#client?.dispose();
    this.view.dispose();
  }

  #connect(sessionId: SessionId, size: TerminalSize, mode: SessionMode): void {
    this.#client = new TerminalClient({
      ...this.#ports.connection,
      mode,
      onPeople: (people) => this.#heardOf(people),
      onSize: (held) => this.view.holdSize(held),
      machineId: this.machineId,
      sessionId,
      size,
      onState: (terminal) => this.#changed(terminal),
      onOutput: (bytes, drawn) => this.view.write(bytes, () => this.#drew(drawn)),
      onScreen: (picture, skippedBytes, drawn) => this.#showScreen(picture, skippedBytes, drawn),
      onSkipped: (bytes) => this.#noteSkipped(bytes),
      onCommand: (command) => this.#runner?.heard(command),
    });
    this.#client.connect();
  }

  /** Draws everything since the first gap, from the recording; what is typed meanwhile reaches the machine. */
  loadSkipped(): void {
    const gap = this.#gap;
    const client = this.#client;
    if (gap === null || client === null || this.#loadingTo !== null || this.over) return;
    this.#gap = null;
    this.#loadingTo = client.receivedBytes;
    this.view.redraw(gap.before);
    client.loadFrom(gap.fromBytes);
    this.#drew(() => undefined);
  }

  #showScreen(picture: Uint8Array, skippedBytes: number, drawn: () => void): void {
    // The client stands behind the picture already.
    const toBytes = this.#client?.receivedBytes ?? 0;
    const gap = { fromBytes: toBytes - skippedBytes, before: '' };
    if (this.#gap === null) this.#gap = gap;
    this.view.redraw(picture, drawn, (before) => {
      gap.before = before;
    });
    this.#noteSkipped(skippedBytes);
  }

  #noteSkipped(bytes: number): void {
    const { skipped } = this.store.getState();
    this.store.setState({ skipped: { bytes: (skipped?.bytes ?? 0) + bytes, leftBytes: null } });
  }

  #drew(drawn: () => void): void {
    drawn();
    const { skipped } = this.store.getState();
    if (this.#loadingTo === null || skipped === null) return;
    const leftBytes = this.#loadingTo - (this.#client?.drawnBytes ?? 0);
    if (leftBytes <= 0) this.#loadingTo = null;
    this.store.setState({ skipped: leftBytes <= 0 ? null : { ...skipped, leftBytes } });
  }

  #heardOf(people: SessionPeople): void {
    if (people.mode === 'type') this.view.holdSize(null);
    else this.#runner?.stop();
    this.store.setState({ people, hint: null });
  }

  #changed(terminal: TerminalState): void {
    this.store.setState({ phase: { kind: 'live', terminal } });
    if (terminal.kind === 'ended' || terminal.kind === 'refused') this.#runner?.stop();
  }

  #type(bytes: Uint8Array): void {
    if (this.#held || this.watches) return;
    // What is drawn again asks again what was answered then.
    if (this.#loadingTo !== null && isAnswer(bytes)) return;
    if (this.#client?.send(bytes) === false && !this.over) {
      this.hint('Too much typed while the machine is away; the last input was dropped.');
    } else if (this.store.getState().hint !== null) {
      this.hint(null);
    }
  }
}
