import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { OrganizationPolicy } from '#protocol/policy.ts';
import type { Call } from '../../connection/relay-client.ts';

export type PolicyState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'loading'; readonly problem: string | null }
  | {
      readonly kind: 'shown';
      /** What holds, as the relay last said. */
      readonly holds: OrganizationPolicy;
      readonly freshSignInMinutesMax: number;
      readonly busy: boolean;
      readonly note: PolicyNote | null;
    };

export type PolicyNote =
  | { readonly kind: 'saved' }
  /** Somebody else changed it; `holds` is theirs now, what was typed still stands. */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'problem'; readonly text: string };

export interface PolicyStore {
  readonly store: StoreApi<PolicyState>;
  readonly mayChange: boolean;
  readonly open: () => Promise<void>;
  readonly save: (policy: OrganizationPolicy) => Promise<void>;
  readonly close: () => void;
}

export function createPolicy(call: Call, mayChange: boolean): PolicyStore {
  const store = createStore<PolicyState>(() => ({ kind: 'closed' }));
  const set = (state: PolicyState) => store.setState(state, true);

  async function load(note: PolicyNote | null): Promise<void> {
    const answer = await call('policy.get', {});
    if (store.getState().kind === 'closed') return;
    if (!answer.ok) return set({ kind: 'loading', problem: answer.error.text });
    const { policy: holds, freshSignInMinutesMax } = answer.result;
    set({ kind: 'shown', holds, freshSignInMinutesMax, busy: false, note });
  }

  return {
    store,
    mayChange,
    open: async () => {
      if (store.getState().kind !== 'closed') return;
      set({ kind: 'loading', problem: null });
      await load(null);
    },
    save: async (policy) => {
      const state = store.getState();
      if (state.kind !== 'shown' || state.busy || !mayChange) return;
      set({ ...state, busy: true, note: null });
      const answer = await call('policy.set', { expected: state.holds, policy });
      if (store.getState().kind !== 'shown') return;
      if (answer.ok) return load({ kind: 'saved' });
      if (answer.error.code === 'conflict') return load({ kind: 'conflict' });
      // The person did not confirm: they know, and what was typed stands.
      const note =
        answer.error.code === 'step_up_required'
          ? null
          : ({ kind: 'problem', text: answer.error.text } as const);
      set({ ...state, busy: false, note });
    },
    close: () => set({ kind: 'closed' }),
  };
}
