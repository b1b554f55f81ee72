import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { MachineId, SessionId } from '#protocol/ids.ts';
import { isAnswer } from '#protocol/output/terminal-answers.ts';
import { TerminalClient } from '../../connection/terminal-client.ts';
import type { SessionPeople } from '../../connection/terminal-client.ts';
import type { SessionMode } from '../../connection/terminal-input.ts';
import type { TerminalState } from '../../connection/terminal-line.ts';
import { AnswerLimit } from '../../terminal/answer-limit.ts';
import { linkText } from '../../terminal/link-text.ts';
import type { TerminalView } from '../../terminal/terminal-view.ts';
import { awayAfter } from './away.ts';
import { SkippedOutput } from './skipped-output.ts';
import { RunningCommand, answerToEnding } from './running-command.ts';
import { StepRunner } from './step-runner.ts';
import type { KnownSession, SessionPorts, SessionState } from './session-state.ts';
import type { Runnable } from './step-runner.ts';

/** One tab: a terminal on screen and the session behind it. */
export class Session {
  readonly store: StoreApi<SessionState>;
  readonly key: string;
  readonly machineId: MachineId;
  readonly machineName: string;
  /** Tells apart several sessions on one machine: 1 for the first. */
  readonly ordinal: number;
  readonly #ports: SessionPorts;
  readonly #answers: AnswerLimit;
  readonly #known: KnownSession | null;
  readonly #fontSize: () => number;
  readonly #encoder = new TextEncoder();
  #client: TerminalClient | null = null;
  #runner: StepRunner | null = null;
  readonly #command = new RunningCommand();
  readonly #skipped: SkippedOutput;
  #started = false;
  #disposed = false;
  #held = false;

  constructor(
    ports: SessionPorts,
    target: {
      key: string;
      machineId: MachineId;
      machineName: string;
      ordinal: number;
      /** Null: a new one. */
      known: KnownSession | null;
      /** In CSS pixels. */
      fontSize: () => number;
    },
  ) {
    this.#ports = ports;
    this.#answers = new AnswerLimit(ports.connection.timers.now);
    this.key = target.key;
    this.machineId = target.machineId;
    this.machineName = target.machineName;
    this.ordinal = target.ordinal;
    this.#known = target.known;
    this.store = createStore<SessionState>(() => ({
      sessionId: target.known?.sessionId ?? null,
      people: null,
      phase: { kind: 'opening' },
      view: null,
      skipped: null,
      run: null,
      away: null,
      lostCharacters: 0,
      rang: false,
      ending: null,
      hint: null,
    }));
    this.#fontSize = target.fontSize;
    this.#skipped = new SkippedOutput({
      redraw: (...drawing) => this.view?.redraw(...drawing),
      client: () => this.#client,
      show: (skipped) => this.store.setState({ skipped }),
    });
    void this.#makeView();
  }

  get view(): TerminalView | null {
    return this.store.getState().view;
  }

  /** What has a view is put on screen, which starts it. */
  async #makeView(): Promise<void> {
    const read = await this.#ports.readTerminal();
    if (this.#disposed) return;
    if (!read.ok) return this.store.setState({ phase: { kind: 'failed', error: read.error } });
    const view = new read.parts.TerminalView({
      label: `Terminal on ${this.machineName}`,
      isReserved: this.#ports.isReserved,
      onInput: (bytes) => this.#type(bytes),
      onResize: (size) => this.#client?.resize(size),
      onBell: () => this.store.setState({ rang: true }),
      onLink: (address) => this.hint(address === null ? null : linkText(address)),
    });
    view.setFontSize(this.#fontSize());
    this.store.setState({ view });
  }

  /** The terminal stands on screen and knows its size. Opens the session, or takes up the one it was made for. */
  async start(): Promise<void> {
    const { view } = this;
    if (this.#started || view === null) return undefined;
    this.#started = true;
    if (this.#known !== null) return this.#startKnown(this.#known, view);
    const { machineId } = this;
    const answer = await this.#ports.call('session.open', { machineId, size: view.size });
    if (this.#disposed) {
      // The tab was closed before the answer: nobody would ever end this session.
      if (answer.ok) await this.#ports.call('session.close', { sessionId: answer.result.sessionId });
      return undefined;
    }
    if (!answer.ok) return this.store.setState({ phase: { kind: 'failed', error: answer.error } });
    this.store.setState({ sessionId: answer.result.sessionId });
    return this.#connect(answer.result.sessionId, view, 'type');
  }

  async #startKnown(known: KnownSession, view: TerminalView): Promise<void> {
    const { sessionId, mode } = known;
    if (known.mode === 'type') {
      const taken = await this.#ports.call('session.take', { sessionId, from: known.from });
      if (this.#disposed) return;
      if (!taken.ok) return this.store.setState({ phase: { kind: 'failed', error: taken.error } });
    }
    this.#connect(sessionId, view, mode);
  }

  /** This console looks on: the keyboard is another's. */
  get watches(): boolean {
    return this.store.getState().people?.mode === 'watch';
  }

  /** The keyboard is to be this console's; where it is let go because another has it, it looks on first. */
  async takeOver(): Promise<void> {
    const { sessionId, people, phase, view } = this.store.getState();
    if (sessionId === null || view === null || phase.kind !== 'live') return;
    if (phase.terminal.kind === 'refused' && phase.terminal.error.code === 'session_taken_over') {
      this.#client?.dispose();
      this.#skipped.forget();
      this.store.setState({ people: null });
      view.redraw('');
      this.#connect(sessionId, view, 'watch');
    } else if (people?.mode === 'watch') {
      const taken = await this.#ports.call('session.take', { sessionId, from: people.typist.userId });
      if (!taken.ok) this.hint(taken.error.text);
    }
  }

  /** Not where the terminal could not be read: a page never reads again what it once failed to. */
  get canRetry(): boolean {
    const { phase, view } = this.store.getState();
    return phase.kind === 'failed' && view !== null;
  }

  async retry(): Promise<void> {
    if (!this.canRetry) return;
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
    this.view?.paste(text);
    this.view?.focus();
  }

  /** It is in front: whoever looks has seen its bell. */
  bellSeen(): void {
    if (this.store.getState().rang) this.store.setState({ rang: false });
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
    this.view?.focus();
  }

  /** Types no further step of a run under way; puts away the result of one that is over. */
  endRun(): void {
    if (this.store.getState().run?.state === 'running') {
      this.#runner?.stop();
    } else {
      this.#runner = null;
      this.store.setState({ run: null });
    }
    this.view?.focus();
  }

  reconnectNow(): void {
    this.#client?.reconnectNow();
  }

  retryNow(): void {
    this.#client?.retryNow();
  }

  /** Takes no input while held, from keys, pastes or runbooks; output goes on. */
  hold(held: boolean): void {
    this.#held = held;
    if (held) this.#runner?.stop();
  }

  /** The first time that it is to be ended while a command runs: says so instead. @returns whether it does */
  asksBeforeEnd(): boolean {
    const { line } = this.#command;
    const asks = line !== null && !this.over && !this.watches && this.store.getState().ending === null;
    if (asks) this.store.setState({ ending: line });
    return asks;
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
    this.view?.dispose();
  }

  #connect(sessionId: SessionId, view: TerminalView, mode: SessionMode): void {
    this.#client = new TerminalClient({
      ...this.#ports.connection,
      mode,
      onPeople: (people) => this.#heardOf(people),
      onSize: (held) => view.holdSize(held),
      machineId: this.machineId,
      sessionId,
      size: view.size,
      onState: (terminal) => this.#changed(terminal),
      onOutput: (bytes, drawn) =>
        view.write(bytes, () => {
          drawn();
          this.#skipped.drew();
        }),
      onScreen: (picture, bytes, drawn) => this.#skipped.showScreen(picture, bytes, drawn),
      onSkipped: (bytes) => this.#skipped.add(bytes),
      onCommand: (command) => {
        this.#command.heard(command);
        if (this.#command.line === null) this.store.setState({ ending: null });
        this.#runner?.heard(command);
      },
    });
    this.#client.connect();
  }

  /** @see SkippedOutput.load */
  loadSkipped(): void {
    if (!this.over) this.#skipped.load();
  }

  #heardOf(people: SessionPeople): void {
    if (people.mode === 'type') this.view?.holdSize(null);
    else this.#runner?.stop();
    const { away, people: before, lostCharacters } = this.store.getState();
    // What one had typed and not sent is void once another types.
    const lost = before?.mode === 'type' ? (away?.characters ?? 0) : lostCharacters;
    this.store.setState({ people, hint: null, lostCharacters: people.mode === 'type' ? 0 : lost });
    this.#countWaiting();
  }

  #changed(terminal: TerminalState): void {
    const { away, lostCharacters } = this.store.getState();
    const over = terminal.kind === 'ended' || terminal.kind === 'refused';
    const { timers } = this.#ports.connection;
    this.store.setState({
      phase: { kind: 'live', terminal },
      away: awayAfter(terminal, away, timers.now(), this.#client?.waitingCharacters ?? 0),
      lostCharacters: over ? (away?.characters ?? 0) : lostCharacters,
    });
    if (terminal.kind === 'ended' || terminal.kind === 'refused') this.#runner?.stop();
  }

  #type(bytes: Uint8Array): void {
    if (this.#held || this.watches) return;
    // What is drawn again asks again what was answered then.
    if (isAnswer(bytes) && (this.#skipped.isLoading || !this.#answers.take())) return;
    if (this.store.getState().ending !== null) {
      const { keeps, typed } = answerToEnding(bytes);
      if (keeps) this.store.setState({ ending: null });
      if (!typed) return;
    }
    if (this.#client?.send(bytes) === false && !this.over) {
      this.hint('Too much typed while the machine is away; the last input was dropped.');
    } else if (this.store.getState().hint !== null) {
      this.hint(null);
    }
    this.#countWaiting();
  }

  #countWaiting(): void {
    const { away } = this.store.getState();
    const characters = this.#client?.waitingCharacters ?? 0;
    if (away !== null && away.characters !== characters)
      this.store.setState({ away: { ...away, characters } });
  }
}
