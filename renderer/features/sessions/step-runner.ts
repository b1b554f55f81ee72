// Runs a runbook by typing: one line, then wait for the shell to report its end. A step that fails stops the run.
import type { CommandId } from '#protocol/ids.ts';
import type { CommandRecord } from '#protocol/records.ts';
import { isReportOf } from '#protocol/redaction.ts';

/** Lines to type, one by one. */
export interface Runnable {
  readonly title: string;
  readonly steps: readonly string[];
}

export interface RunState {
  readonly title: string;
  readonly steps: readonly string[];
  /** Steps typed so far; one more than have ended while one is under way. */
  readonly typed: number;
  /** Exit code of each step that ended, in order; null where the shell knew none. */
  readonly exitCodes: readonly (number | null)[];
  readonly state: 'running' | 'done' | 'failed' | 'stopped';
}

export class StepRunner {
  readonly #steps: readonly string[];
  readonly #type: (line: string) => void;
  readonly #onState: (state: RunState) => void;
  #state: RunState;
  /** The command that the step under way turned out to be. */
  #commandId: CommandId | null = null;
  readonly #known = new Set<CommandId>();

  constructor({ title, steps }: Runnable, type: (line: string) => void, onState: (state: RunState) => void) {
    this.#steps = steps;
    this.#type = type;
    this.#onState = onState;
    this.#state = { title, steps, typed: 0, exitCodes: [], state: 'running' };
  }

  start(): void {
    this.#typeNext();
  }

  /** A command began or ended. Only one that carries the step's own line is taken for the step. */
  heard({ commandId, line, finishedAt, exitCode }: CommandRecord): void {
    // Nothing is under way. After a stop the step that was typed before is still heard to its end.
    if (this.#state.exitCodes.length === this.#state.typed) return;
    const step = this.#steps[this.#state.exitCodes.length];
    if (
      this.#commandId === null &&
      !this.#known.has(commandId) &&
      isReportOf(line.trim(), (step ?? '').trim())
    ) {
      this.#commandId = commandId;
    }
    this.#known.add(commandId);
    if (commandId !== this.#commandId || finishedAt === null) return;
    this.#commandId = null;
    const exitCodes = [...this.#state.exitCodes, exitCode];
    const failed = exitCode !== null && exitCode !== 0;
    const last = exitCodes.length === this.#steps.length;
    this.#set({ ...this.#state, exitCodes, state: failed ? 'failed' : last ? 'done' : this.#state.state });
    if (this.#state.state === 'running') this.#typeNext();
  }

  /** Types nothing more. What already runs is left to run. */
  stop(): void {
    if (this.#state.state === 'running') this.#set({ ...this.#state, state: 'stopped' });
  }

  #typeNext(): void {
    const { exitCodes } = this.#state;
    const step = this.#steps[exitCodes.length];
    if (step === undefined) return;
    this.#set({ ...this.#state, typed: exitCodes.length + 1 });
    this.#type(step);
  }

  #set(state: RunState): void {
    this.#state = state;
    this.#onState(state);
  }
}
