import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { CaiseyBridge } from '#contract/ipc.ts';
import type { OfferedWorkspace } from '#contract/window-state.ts';
import type { OrgId } from '#protocol/ids.ts';
import { failureText } from './launcher-store.ts';

export type AddClientsState =
  | { readonly kind: 'sign_in' }
  | { readonly kind: 'listing' }
  /** The sign-in stands, the list did not come. */
  | { readonly kind: 'failed'; readonly text: string }
  | {
      readonly kind: 'choosing';
      readonly offered: readonly OfferedWorkspace[];
      readonly chosen: ReadonlySet<OrgId>;
      readonly current: number;
      readonly problem: string | null;
    };

export interface AddClientsStore {
  readonly store: StoreApi<AddClientsState>;
  /** Asks main for the clients of whoever has signed in. */
  readonly list: () => Promise<void>;
  readonly move: (to: number) => void;
  readonly toggle: (orgId: OrgId) => void;
  /** All of them; none when all are chosen already. */
  readonly toggleAll: () => void;
  readonly add: () => void;
  readonly cancel: () => void;
}

export function createAddClients(bridge: CaiseyBridge): AddClientsStore {
  const store = createStore<AddClientsState>(() => ({ kind: 'sign_in' }));
  const set = (state: AddClientsState) => store.setState(state, true);
  const choosing = () => {
    const state = store.getState();
    return state.kind === 'choosing' ? state : null;
  };
  const choose = (change: (state: Extract<AddClientsState, { kind: 'choosing' }>) => Iterable<OrgId>) => {
    const state = choosing();
    if (state !== null) set({ ...state, chosen: new Set(change(state)), problem: null });
  };

  return {
    store,
    list: async () => {
      set({ kind: 'listing' });
      try {
        const offered = await bridge.call('add.offer');
        const news = addable(offered);
        const [only] = news;
        set({
          kind: 'choosing',
          offered,
          // One alone needs no choosing.
          chosen: new Set(only !== undefined && news.length === 1 ? [only] : []),
          current: Math.max(
            0,
            offered.findIndex(({ known }) => !known),
          ),
          problem: null,
        });
      } catch (error) {
        set({ kind: 'failed', text: failureText(error) });
      }
    },
    move: (to) => {
      const state = choosing();
      if (state !== null) set({ ...state, current: Math.min(state.offered.length - 1, Math.max(0, to)) });
    },
    toggle: (orgId) =>
      choose(({ offered, chosen }) => {
        if (!addable(offered).includes(orgId)) return chosen;
        return chosen.has(orgId) ? [...chosen].filter((one) => one !== orgId) : [...chosen, orgId];
      }),
    toggleAll: () =>
      choose(({ offered, chosen }) => {
        const all = addable(offered);
        return chosen.size === all.length ? [] : all;
      }),
    add: () => {
      const state = choosing();
      if (state === null || state.chosen.size === 0) return;
      bridge.call('add.choose', { orgIds: [...state.chosen] }).catch((error: unknown) => {
        const current = choosing();
        if (current !== null) set({ ...current, problem: failureText(error) });
      });
    },
    cancel: () => {
      // Refused only when the window is going already.
      bridge.call('add.cancel').catch(() => undefined);
    },
  };
}

function addable(offered: readonly OfferedWorkspace[]): readonly OrgId[] {
  return offered.filter(({ known }) => !known).map(({ orgId }) => orgId);
}
