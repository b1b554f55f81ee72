import { useStore } from 'zustand';
import { useKeys } from '../../design/keys/use-keys.ts';
import type { Direction, Side } from './pane-tree.ts';
import type { SessionsStore } from './sessions-store.ts';
import { frontTab, withPaneApart, withPaneResized, withPaneTowards, withZoomTurned } from './tabs.ts';

/** Splits the pane that has the keyboard; in a tab of several, moves among them and their borders. */
export function usePaneKeys(
  sessions: SessionsStore,
  { enabled, mayOpen }: { readonly enabled: boolean; readonly mayOpen: boolean },
): void {
  const { store, arrange } = sessions;
  const tab = useStore(store, ({ tabs }) => frontTab(tabs));
  const split = (beside: Side) => {
    const session = sessions.activeSession();
    if (session !== null)
      sessions.open({ machineId: session.machineId, name: session.machineName }, { beside });
  };
  const towards = (direction: Direction) => () => arrange((tabs) => withPaneTowards(tabs, direction));
  const border = (direction: Direction) => () => arrange((tabs) => withPaneResized(tabs, direction));
  useKeys(
    {
      // A key that is held down opens one.
      splitRight: ({ repeat }) => !repeat && split('right'),
      splitDown: ({ repeat }) => !repeat && split('down'),
    },
    enabled && mayOpen && tab !== null,
  );
  useKeys(
    {
      paneLeft: towards('left'),
      paneRight: towards('right'),
      paneUp: towards('up'),
      paneDown: towards('down'),
      borderLeft: border('left'),
      borderRight: border('right'),
      borderUp: border('up'),
      borderDown: border('down'),
      zoomPane: () => arrange(withZoomTurned),
      paneApart: () => arrange(withPaneApart),
    },
    enabled && tab?.tree.kind === 'cut',
  );
}
