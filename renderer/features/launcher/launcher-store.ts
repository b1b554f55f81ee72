import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { CaiseyBridge } from '#contract/ipc.ts';
import type { KnownWorkspace, LauncherState } from '#contract/window-state.ts';
import type { OrgId } from '#protocol/ids.ts';
import type { Marks } from '#protocol/look/frame-doubts.ts';

export interface LauncherView {
  /** Null until main has answered. */
  readonly state: LauncherState | null;
  /** Main did not answer or refused: what to say. */
  readonly failure: string | null;
}

export interface LauncherStore {
  readonly store: StoreApi<LauncherView>;
  readonly open: (orgId: OrgId) => void;
  readonly cancel: () => void;
  readonly dismissNotice: () => void;
  readonly addClients: () => void;
  readonly forget: (orgId: OrgId) => void;
  readonly changeFrame: (orgId: OrgId, marks: Marks) => void;
  readonly nextTheme: () => void;
  readonly dispose: () => void;
}

export function createLauncher(bridge: CaiseyBridge): LauncherStore {
  const store = createStore<LauncherView>(() => ({ state: null, failure: null }));
  const heed = (work: Promise<unknown>) => {
    work.catch((failure: unknown) => store.setState({ failure: failureText(failure) }));
  };
  const stop = bridge.on('launcher.changed', (state) => store.setState({ state, failure: null }));
  heed(
    bridge.call('launcher.state').then((state) => {
      // An event may have come first; it is newer.
      if (store.getState().state === null) store.setState({ state });
    }),
  );
  return {
    store,
    open: (orgId) => heed(bridge.call('launcher.open', { orgId })),
    cancel: () => heed(bridge.call('launcher.cancel')),
    dismissNotice: () => heed(bridge.call('launcher.dismissNotice')),
    addClients: () => heed(bridge.call('launcher.addClients')),
    forget: (orgId) => heed(bridge.call('launcher.forget', { orgId })),
    changeFrame: (orgId, { colour, glyph, code }) =>
      heed(bridge.call('launcher.changeFrame', { orgId, marks: { colour, glyph, code } })),
    nextTheme: () => heed(bridge.call('launcher.nextTheme')),
    dispose: stop,
  };
}

/** What to say of a call that main refused or did not answer. */
export function failureText(failure: unknown): string {
  if (
    typeof failure === 'object' &&
    failure !== null &&
    'text' in failure &&
    typeof failure.text === 'string'
  ) {
    return failure.text;
  }
  return 'The console did not answer. Close this window and open it again.';
}

/** How many clients are to be reviewed, and how many are. */
export function reviewRound({ workspaces }: LauncherState): { readonly due: number; readonly done: number } {
  return {
    due: workspaces.filter(({ review }) => review === 'due').length,
    done: workspaces.filter(({ review }) => review === 'done').length,
  };
}

/** Last opened first, but in a round of reviews those still to do; never opened last, by name. In a switch the client being left is not offered. */
export function launcherRows(state: LauncherState, filter: string): readonly KnownWorkspace[] {
  const words = filter.trim().toLowerCase().split(/\s+/);
  const from = state.mode.kind === 'switch' ? state.mode.from.orgId : null;
  const isRound = state.mode.kind === 'open' && reviewRound(state).done > 0;
  const waits = ({ review }: KnownWorkspace) => (isRound && review === 'due' ? 0 : 1);
  return state.workspaces
    .filter(({ orgId }) => orgId !== from)
    .filter(({ frame: { code, name } }) =>
      words.every((word) => `${code} ${name}`.toLowerCase().includes(word)),
    )
    .sort(
      (one, other) =>
        waits(one) - waits(other) ||
        (other.lastOpenedAt ?? 0) - (one.lastOpenedAt ?? 0) ||
        one.frame.name.localeCompare(other.frame.name),
    );
}
