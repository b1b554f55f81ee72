// How a session ends: as asked, by its shell, or because its machine stays away for longer than its organization
// allows. Whatever brings it about, there is one end, and the workspace is told of it once.
import type { SessionEndReason } from '#protocol/records.ts';
import type { RecordingMove } from '../recordings/recording-move.ts';
import { dropDue, putDue } from '../storage/due.ts';
import type { AgentSide } from './agent-side.ts';
import type { ConsoleSide } from './console-side.ts';
import type { Outbox } from './outbox.ts';
import type { Recorder } from './recorder.ts';
import type { SessionStore } from './session-store.ts';

/** How long the agent may take to end the processes and send the last output. */
const END_TIMEOUT_MS = 8000;
/** The shortest that a policy can allow. */
const LEAST_GRACE_MS = 60_000;

export interface SessionEndOptions {
  readonly storage: DurableObjectStorage;
  readonly store: SessionStore;
  readonly recorder: Recorder;
  readonly move: RecordingMove;
  readonly outbox: Outbox;
  readonly agent: Pick<AgentSide, 'connected' | 'requestEnd' | 'ended'>;
  readonly consoles: Pick<ConsoleSide, 'agentLost' | 'ended'>;
  readonly now: () => number;
  /** What a machine may be away for where no policy says. */
  readonly usualGraceMs: () => number;
  /** … and as the organization's policy says now. */
  readonly policyGraceMs: () => Promise<number>;
  /** Something is due, or in the outbox. */
  readonly onWork: () => void;
}

export class SessionEnd {
  readonly #options: SessionEndOptions;

  constructor(options: SessionEndOptions) {
    this.#options = options;
  }

  /** Asked for: a machine that is there ends it, and has some seconds for its last output. */
  request(reason: SessionEndReason): void {
    const { storage, store, agent, now, onWork } = this.#options;
    if (store.record.ended_at !== null) return;
    if (!agent.connected || reason === 'agent_lost') return this.finalize(reason, null);
    store.update({ end_requested: store.record.end_requested ?? reason });
    agent.requestEnd();
    putDue(storage.sql, 'end', now() + END_TIMEOUT_MS, 'end', '');
    onWork();
  }

  /** The agent did not end it in time. */
  overdue(): void {
    this.finalize(this.#options.store.record.end_requested ?? 'closed', null);
  }

  /** The shell is gone, and all its output is recorded. */
  exited(exitCode: number | null): void {
    this.finalize(this.#options.store.record.end_requested ?? 'exited', exitCode);
  }

  /** The agent's socket is gone: its machine may come back until its grace is over. */
  agentLost(): void {
    const { storage, store, recorder, outbox, consoles, now, usualGraceMs, onWork } = this.#options;
    const {
      session_id: sessionId,
      input_offset: bytesIn,
      ended_at,
      end_requested,
      cuts: before,
    } = store.record;
    if (ended_at !== null) return;
    const lostAt = now();
    const cuts = before + 1;
    store.update({ agent: 'lost', lost_at: lostAt, cuts, input_offset: bytesIn });
    const bytesOut = recorder.committedBytes;
    outbox.put({ opId: `${sessionId}:cut:${cuts}`, type: 'interrupted', bytesIn, bytesOut });
    consoles.agentLost();
    if (end_requested !== null) return this.finalize(end_requested, null);
    // Looked at again by the policy that holds then.
    const firstLookMs = Math.min(LEAST_GRACE_MS, usualGraceMs());
    putDue(storage.sql, 'agent.grace', lostAt + firstLookMs, 'agent.grace', '');
    onWork();
  }

  /** The agent is here again. */
  agentFound(): void {
    dropDue(this.#options.storage.sql, 'agent.grace');
  }

  /** Due: has the agent been away for longer than the organization allows? */
  async checkGrace(): Promise<void> {
    const { storage, store, agent, now, policyGraceMs } = this.#options;
    const graceMs = await policyGraceMs();
    const lostAt = store.record.lost_at;
    if (agent.connected || lostAt === null) return;
    if (now() >= lostAt + graceMs) return this.finalize('agent_lost', null);
    putDue(storage.sql, 'agent.grace', lostAt + graceMs, 'agent.grace', '');
  }

  /** The one end of a session, whatever brought it about. */
  finalize(reason: SessionEndReason, exitCode: number | null): void {
    const { storage, store, recorder, move, outbox, agent, consoles, now, onWork } = this.#options;
    // May itself complete the exit, and with it the end.
    recorder.flush();
    const { session_id: sessionId, input_offset: bytesIn, ended_at } = store.record;
    if (ended_at !== null) return;
    // What a console was shown and cannot be written now is in no recording, and is not added once its end is signed.
    const { committedBytes, receivedBytes, sha256: recordingSha256 } = recorder;
    const endReason = committedBytes === receivedBytes ? reason : 'recording_failed';
    storage.transactionSync(() => {
      store.update({
        ended_at: now(),
        end_reason: endReason,
        exit_code: exitCode,
        input_offset: bytesIn,
      });
      dropDue(storage.sql, 'end');
      dropDue(storage.sql, 'agent.grace');
      move.begin();
      outbox.put({
        opId: `${sessionId}:ended`,
        type: 'ended',
        reason: endReason,
        exitCode,
        bytesIn,
        bytesOut: committedBytes,
        recordingSha256,
      });
    });
    recorder.dispose();
    onWork();
    agent.ended();
    consoles.ended();
  }
}
