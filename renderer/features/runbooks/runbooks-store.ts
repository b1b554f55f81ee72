import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { SessionId } from '#protocol/ids.ts';
import type { Runbook } from '#protocol/records.ts';
import type { CallError } from '../../connection/call-error.ts';
import type { Call } from '../../connection/relay-client.ts';
import type { RunbookText } from './runbook-markdown.ts';

export interface RunbooksState {
  /** Null until the relay has answered. */
  readonly runbooks: readonly Runbook[] | null;
  readonly error: CallError | null;
  readonly chosen: number;
  readonly starting: boolean;
}

export interface RunbooksStore {
  readonly store: StoreApi<RunbooksState>;
  readonly load: () => Promise<void>;
  readonly choose: (index: number) => void;
  /** One with that title becomes its next version. False: refused, and said why. */
  readonly save: (runbook: RunbookText) => Promise<boolean>;
  /** Recorded at the relay first; what it answers is what is typed. Null: refused, and said why. */
  readonly begin: (sessionId: SessionId) => Promise<Runbook | null>;
}

export function createRunbooks(call: Call): RunbooksStore {
  const store = createStore<RunbooksState>(() => ({
    runbooks: null,
    error: null,
    chosen: 0,
    starting: false,
  }));
  const { getState, setState } = store;
  const load = async () => {
    const answer = await call('runbook.list', {});
    if (!answer.ok) return setState({ error: answer.error });
    const { runbooks } = answer.result;
    const last = Math.max(0, runbooks.length - 1);
    return setState({ runbooks, error: null, chosen: Math.min(getState().chosen, last) });
  };
  return {
    store,
    choose: (chosen) => setState({ chosen }),
    load,
    save: async (runbook) => {
      const before = getState().runbooks?.find(({ title }) => title === runbook.title);
      const answer = await call('runbook.save', { ...runbook, runbookId: before?.runbookId ?? null });
      if (!answer.ok) setState({ error: answer.error });
      else await load();
      return answer.ok;
    },
    begin: async (sessionId) => {
      const { runbooks, chosen, starting } = getState();
      const runbook = runbooks?.[chosen];
      if (runbook === undefined || starting) return null;
      setState({ starting: true, error: null });
      const answer = await call('runbook.run', { runbookId: runbook.runbookId, sessionId });
      setState({ starting: false, error: answer.ok ? null : answer.error });
      if (!answer.ok) return null;
      if (answer.result.versionSha256 !== runbook.versionSha256) {
        // Shown and recorded are not the same steps: show the new ones instead of typing unseen lines.
        setState({
          error: {
            code: 'conflict',
            text: 'This runbook was changed. Read it again, then run it.',
            retryable: false,
          },
          runbooks: runbooks?.map((row) => (row === runbook ? answer.result : row)) ?? null,
        });
        return null;
      }
      return answer.result;
    },
  };
}
