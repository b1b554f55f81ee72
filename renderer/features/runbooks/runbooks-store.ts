import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { RunbookId, SessionId } from '#protocol/ids.ts';
import type { Runbook } from '#protocol/records.ts';
import { lineText } from '#protocol/runbook/fill-steps.ts';
import type { RunbookValues } from '#protocol/runbook/runbook-parameter.ts';
import type { ShellKind } from '#protocol/runbook/shell-quote.ts';
import type { CallError } from '../../connection/call-error.ts';
import type { Call } from '../../connection/relay-client.ts';
import { firstValues, prepareRun } from './prepared-run.ts';
import type { RunbookText } from './runbook-markdown.ts';

export interface RunbooksState {
  /** Null until the relay has answered. */
  readonly runbooks: readonly Runbook[] | null;
  readonly error: CallError | null;
  readonly chosen: number;
  readonly starting: boolean;
  /** How the shell of the session shown quotes; null: not known. */
  readonly shell: ShellKind | null;
  /** Of the chosen runbook's parameters. */
  readonly values: RunbookValues;
  /** What was typed for one that cannot be undone. */
  readonly confirmed: string;
}

/** What is typed, line by line. */
export interface BegunRun {
  /** Where it was recorded, so where alone it may be typed. */
  readonly sessionId: SessionId;
  readonly title: string;
  readonly steps: readonly string[];
}

export interface RunbooksStore {
  readonly store: StoreApi<RunbooksState>;
  /** @param sessionId where they would run; null: nowhere yet */
  readonly load: (sessionId: SessionId | null) => Promise<void>;
  readonly choose: (index: number) => void;
  readonly fill: (name: string, value: string) => void;
  readonly confirm: (typed: string) => void;
  /** One with that title becomes its next version. False: refused, and said why. */
  readonly save: (runbook: RunbookText) => Promise<boolean>;
  /** Recorded at the relay first, as it is shown here. Null: refused, and said why. */
  readonly begin: (sessionId: SessionId) => Promise<BegunRun | null>;
}

const CHANGED = 'This runbook was changed, and was not run. Read it again, then run it.';

export function createRunbooks(call: Call): RunbooksStore {
  const store = createStore<RunbooksState>(() => ({
    runbooks: null,
    error: null,
    chosen: 0,
    starting: false,
    shell: null,
    values: {},
    confirmed: '',
  }));
  const { getState, setState } = store;
  const refill = (runbooks: readonly Runbook[] | null, chosen: number) => {
    const runbook = runbooks?.[chosen];
    setState({ chosen, values: runbook === undefined ? {} : firstValues(runbook), confirmed: '' });
  };
  const list = async (choose: RunbookId | undefined) => {
    const answer = await call('runbook.list', {});
    if (!answer.ok) return setState({ error: answer.error });
    const { runbooks } = answer.result;
    setState({ runbooks });
    return refill(
      runbooks,
      Math.max(
        0,
        runbooks.findIndex(({ runbookId }) => runbookId === choose),
      ),
    );
  };
  return {
    store,
    load: async (sessionId) => {
      setState({ error: null });
      const asked = sessionId === null ? null : call('session.shell', { sessionId });
      await list(getState().runbooks?.[getState().chosen]?.runbookId);
      const answer = await asked;
      setState({ shell: answer?.ok === true ? answer.result.shell : null });
    },
    choose: (chosen) => {
      if (chosen !== getState().chosen) refill(getState().runbooks, chosen);
    },
    fill: (name, value) => setState({ values: { ...getState().values, [name]: value } }),
    confirm: (confirmed) => setState({ confirmed }),
    save: async (runbook) => {
      const before = getState().runbooks?.find(({ title }) => title === runbook.title);
      const answer = await call('runbook.save', { ...runbook, runbookId: before?.runbookId ?? null });
      if (!answer.ok) {
        setState({ error: answer.error });
        return false;
      }
      setState({ error: null });
      await list(answer.result.runbookId);
      return true;
    },
    begin: async (sessionId) => {
      const { runbooks, chosen, starting, shell, values, confirmed } = getState();
      const runbook = runbooks?.[chosen];
      if (runbook === undefined || starting) return null;
      setState({ starting: true, error: null });
      const lines = prepareRun(runbook, values, shell).lines.map(lineText);
      const answer = await call('runbook.run', {
        runbookId: runbook.runbookId,
        sessionId,
        versionSha256: runbook.versionSha256,
        lines,
        values: { ...values },
        confirmed: runbook.irreversible ? confirmed : null,
      });
      setState({ starting: false, error: answer.ok ? null : answer.error });
      if (answer.ok) return { sessionId, title: runbook.title, steps: lines };
      if (answer.error.code === 'conflict') {
        await list(runbook.runbookId);
        setState({ error: { ...answer.error, text: CHANGED } });
      }
      return null;
    },
  };
}
