import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { CaiseyBridge, EventPayload } from '#contract/ipc.ts';
import type { MachineId } from '#protocol/ids.ts';
import type { PasteReport } from '#protocol/control/verbs.ts';
import { Session } from './session.ts';
import type { KnownSession, SessionPorts } from './session-state.ts';
import type { Side } from './pane-tree.ts';
import {
  NO_TABS,
  chosenPane,
  hasRoom,
  withPaneBeside,
  withPaneFetched,
  withTab,
  withoutPane,
} from './tabs.ts';
import type { Tabs } from './tabs.ts';

export interface SessionsState {
  /** In the order in which they were opened; each has a pane in one of the tabs. */
  readonly sessions: readonly Session[];
  readonly tabs: Tabs;
}

export interface SessionsStore {
  readonly store: StoreApi<SessionsState>;
  /** In a tab of its own, or beside the session that has the keyboard. */
  readonly open: (
    machine: { machineId: MachineId; name: string },
    how?: { readonly known?: KnownSession; readonly beside?: Side },
  ) => void;
  /** Shows a session of another tab beside the one that has the keyboard. */
  readonly fetch: (key: string, side: Side) => void;
  /** Moves the keyboard, tabs and panes: one of the functions of tabs.ts that open and close nothing. */
  readonly arrange: (change: (tabs: Tabs) => Tabs) => void;
  /** The one that has the keyboard when sessions are shown. */
  readonly activeSession: () => Session | null;
  /** Ends the session and drops its pane; where a command runs, the second time. @returns whether it did */
  readonly close: (key: string) => boolean;
  /** What is chosen, or the address of a link that is. */
  readonly copy: (address?: string) => void;
  /** Of all terminals, by so many steps; null: as at first. */
  readonly changeFontSize: (by: number | null) => void;
  readonly paste: () => Promise<void>;
  /** A paste was aimed elsewhere: what main may still hold for a session is void. */
  readonly forgetPaste: () => void;
  readonly released: (payload: EventPayload<'paste.released'>) => void;
  readonly reconnectNow: () => void;
  /** What waits for its next try makes it now. */
  readonly retryNow: () => void;
  /** While held, no session takes input, and text that main releases is dropped. */
  readonly hold: (held: boolean) => void;
  readonly dispose: () => void;
}

/** Of a pane whose terminal is not read in yet. */
const UNREAD_SIZE = { cols: 80, rows: 24 } as const;
const FONT_SIZES = { least: 9, usual: 13, most: 28 } as const;

export function createSessions(ports: SessionPorts, bridge: CaiseyBridge): SessionsStore {
  const store = createStore<SessionsState>(() => ({ sessions: [], tabs: NO_TABS }));
  const { getState, setState } = store;
  let opened = 0;
  let fontSize: number = FONT_SIZES.usual;
  /** Where text that main holds belongs: the session it was meant for, not the one in front when it is released. Null: a text field, which preload fills. */
  let pasting: Session | null = null;

  const activeSession = () => {
    const { sessions, tabs } = getState();
    return sessions.find(({ key }) => key === chosenPane(tabs)) ?? null;
  };

  /** The one that has the keyboard, if its pane is large enough to be cut. */
  const cuttable = (side: Side): boolean => {
    const session = activeSession();
    if (session === null) return true;
    const room = hasRoom(getState().tabs, session.view?.size ?? UNREAD_SIZE, side);
    if (!room) session.hint('There is no room for another pane here.');
    return room;
  };

  const report = (session: Session, paste: PasteReport) => {
    const { sessionId } = session.store.getState();
    void ports.call('paste.report', { ...paste, sessionId });
  };

  return {
    store,
    activeSession,
    open: ({ machineId, name }, { known, beside } = {}) => {
      if (beside !== undefined && !cuttable(beside)) return;
      opened += 1;
      const same = getState().sessions.filter((other) => other.machineId === machineId);
      const session = new Session(ports, {
        key: `session-${opened}`,
        machineId,
        machineName: name,
        ordinal: Math.max(0, ...same.map(({ ordinal }) => ordinal)) + 1,
        known: known ?? null,
        fontSize: () => fontSize,
      });
      const { sessions, tabs } = getState();
      setState({
        sessions: [...sessions, session],
        tabs: beside === undefined ? withTab(tabs, session.key) : withPaneBeside(tabs, session.key, beside),
      });
    },
    fetch: (key, side) => {
      if (cuttable(side)) setState({ tabs: withPaneFetched(getState().tabs, key, side) });
    },
    arrange: (change) => setState({ tabs: change(getState().tabs) }),
    close: (key) => {
      const { sessions, tabs } = getState();
      const closing = sessions.find((session) => session.key === key);
      if (closing === undefined || closing.asksBeforeEnd()) return false;
      setState({ sessions: sessions.filter((session) => session !== closing), tabs: withoutPane(tabs, key) });
      void closing.end();
      closing.dispose();
      return true;
    },
    copy: (address) => {
      const session = activeSession();
      const text = address ?? session?.view?.selection ?? '';
      if (session === null || text === '') return;
      bridge.call('clipboard.copy', { text }).then(
        () => session.hint(null),
        () => session.hint(`The ${address === undefined ? 'selection' : 'address'} could not be copied.`),
      );
    },
    changeFontSize: (by) => {
      const { least, usual, most } = FONT_SIZES;
      fontSize = by === null ? usual : Math.min(most, Math.max(least, fontSize + by));
      for (const session of getState().sessions) session.view?.setFontSize(fontSize);
    },
    paste: async () => {
      const session = activeSession();
      if (session === null || session.over || session.watches) return;
      try {
        const answer = await bridge.call('clipboard.paste', { intoTerminal: true });
        if (answer.kind === 'text') {
          session.paste(answer.text);
          report(session, { ...answer.report, decision: 'accepted' });
        } else if (answer.kind === 'held') {
          pasting = session;
          // Main's warning covers this window until it is decided; what becomes of a discard is not told here.
          session.hint(null);
          report(session, answer.report);
        }
      } catch {
        session.hint('The clipboard could not be read.');
      }
    },
    forgetPaste: () => {
      pasting = null;
    },
    released: ({ text, report: released }) => {
      const session = pasting;
      pasting = null;
      if (session === null || session.over || session.watches || !getState().sessions.includes(session))
        return;
      session.hint(null);
      session.paste(text);
      report(session, released);
    },
    reconnectNow: () => {
      for (const session of getState().sessions) session.reconnectNow();
    },
    retryNow: () => {
      for (const session of getState().sessions) session.retryNow();
    },
    hold: (held) => {
      if (held) pasting = null;
      for (const session of getState().sessions) session.hold(held);
    },
    dispose: () => {
      const { sessions } = getState();
      setState({ sessions: [], tabs: NO_TABS });
      for (const session of sessions) session.dispose();
    },
  };
}
