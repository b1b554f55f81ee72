// What the agent tells of its session, in order and each once: reported to the workspace, and acknowledged once stored.
// The last, that the shell is gone, is stored with the end of the session: the agent keeps it until all output is safe.
import type { SessionFact } from '#protocol/control/agent-to-terminal.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import { bucketOf } from '../limits/token-bucket.ts';
import type { Rate, TokenBucket } from '../limits/token-bucket.ts';
import type { Recorder } from './recorder.ts';
import type { SessionReport } from './session-report.ts';
import type { SessionStore } from './session-store.ts';

export interface AgentFactsOptions {
  readonly store: SessionStore;
  readonly recorder: Recorder;
  readonly now: () => number;
  /** Facts of the session, on however many sockets: each is an event of the workspace's record. */
  readonly factRate: Rate;
  readonly report: (report: SessionReport) => void;
  /** The shell is gone and all its output is committed. */
  readonly onExited: (exitCode: number | null) => void;
}

export type TakenFact =
  /** To be acknowledged up to here. */
  | { readonly state: 'stored'; readonly factSeq: number }
  /** Not acknowledged before all output is safe. */
  | { readonly state: 'waits' }
  /** Its socket is to be cut with this code. Not acknowledged, so it comes again on the next one. */
  | { readonly state: 'refused'; readonly code: ErrorCode };

export class AgentFacts {
  readonly #options: AgentFactsOptions;
  readonly #bucket: TokenBucket;
  #exit: {
    readonly factSeq: number;
    readonly exitCode: number | null;
    readonly outputEndBytes: number;
  } | null = null;

  constructor(options: AgentFactsOptions) {
    this.#options = options;
    this.#bucket = bucketOf(options.factRate, options.now);
  }

  /** The number of the exit, which waits for output or for the end; null: it was not told. */
  get exitSeq(): number | null {
    return this.#exit?.factSeq ?? null;
  }

  /** A new socket: what is not stored is told again. */
  restart(): void {
    this.#exit = null;
  }

  take(factSeq: number, fact: SessionFact): TakenFact {
    const { store, recorder, report } = this.#options;
    const { fact_seq: known, session_id: sessionId } = store.record;
    if (!this.#bucket.take()) return { state: 'refused', code: 'rate_limited' };
    if (factSeq <= known) return { state: 'stored', factSeq: known };
    if (factSeq !== known + 1) return { state: 'refused', code: 'unavailable' };
    if (fact.fact === 'exited') {
      this.#exit = { factSeq, exitCode: fact.exitCode, outputEndBytes: fact.outputEndBytes };
      recorder.flush();
      this.outputCommitted();
      return { state: 'waits' };
    }
    this.stored(factSeq);
    report(toReport(`${sessionId}:fact:${factSeq}`, fact));
    return { state: 'stored', factSeq };
  }

  /** More output may be safe, and the exit with it. */
  outputCommitted(): void {
    const { recorder, onExited } = this.#options;
    if (this.#exit === null || recorder.committedBytes < this.#exit.outputEndBytes) return;
    onExited(this.#exit.exitCode);
  }

  /** What it told up to here is not to be told again. */
  stored(factSeq: number): void {
    this.#options.store.update({ fact_seq: factSeq });
  }
}

function toReport(opId: string, fact: Exclude<SessionFact, { fact: 'exited' }>): SessionReport {
  switch (fact.fact) {
    case 'started':
      return { opId, type: 'started', shell: fact.shell, user: fact.user };
    case 'command.started': {
      const { commandId, line, lineHmac = null, cwd, trusted, outputOffsetBytes } = fact;
      return { opId, type: 'command.started', commandId, line, lineHmac, cwd, trusted, outputOffsetBytes };
    }
    case 'command.finished': {
      const { commandId, exitCode, durationMs, trusted, outputEndBytes = null } = fact;
      return { opId, type: 'command.finished', commandId, exitCode, durationMs, trusted, outputEndBytes };
    }
    case 'input.redacted':
      return { opId, type: 'input.redacted', bytes: fact.bytes };
  }
}
