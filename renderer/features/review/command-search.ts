import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { CommandHit } from '#protocol/records.ts';
import type { Call } from '../../connection/relay-client.ts';

/** A search in the commands of all sessions that this workspace ever had; the relay searches. */
export interface CommandSearchState {
  readonly query: string;
  readonly found:
    | { readonly kind: 'none' | 'loading' }
    | { readonly kind: 'failed'; readonly text: string }
    | { readonly kind: 'hits'; readonly hits: readonly CommandHit[]; readonly more: boolean };
  readonly chosen: number;
}

export interface CommandSearch {
  readonly store: StoreApi<CommandSearchState>;
  readonly search: (query: string) => Promise<void>;
  readonly choose: (index: number) => void;
  readonly chosenHit: () => CommandHit | undefined;
  readonly close: () => void;
}

const HITS_MAX = 100;

export function createCommandSearch(call: Call, now: () => number): CommandSearch {
  const store = createStore<CommandSearchState>(() => ({ query: '', found: { kind: 'none' }, chosen: 0 }));
  const { getState, setState } = store;
  const hits = () => {
    const { found } = getState();
    return found.kind === 'hits' ? found.hits : [];
  };
  return {
    store,
    search: async (query) => {
      const loading = { kind: 'loading' } as const;
      setState({ query, found: loading, chosen: 0 });
      const answer = await call('command.search', { query, fromMs: 0, toMs: now(), limit: HITS_MAX });
      if (getState().found !== loading) return;
      setState({
        found: answer.ok
          ? { kind: 'hits', hits: answer.result.commands, more: answer.result.more }
          : { kind: 'failed', text: answer.error.text },
      });
    },
    choose: (index) => setState({ chosen: Math.min(Math.max(0, hits().length - 1), Math.max(0, index)) }),
    chosenHit: () => hits()[getState().chosen],
    close: () => setState({ ...store.getInitialState() }),
  };
}
