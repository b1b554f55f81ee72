import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { CaiseyBridge, EventPayload } from '#contract/ipc.ts';
import type { MachineId } from '#protocol/ids.ts';
import type { PasteReport } from '#protocol/control/verbs.ts';
import { Session } from './session.ts';
import type { KnownSession, SessionPorts } from './session.ts';

export interface SessionsState {
  readonly sessions: readonly Session[];
  /** Key of the tab that is shown when sessions are shown. */
  readonly active: string | null;
}

export interface SessionsStore {
  readonly store: StoreApi<SessionsState>;
  readonly open: (machine: { machineId: MachineId; name: string }, known?: KnownSession) => void;
  readonly activate: (key: string) => void;
  readonly step: (by: 1 | -1) => void;
  readonly activeSession: () => Session | null;
  /** Ends the session and drops its tab. */
  readonly close: (key: string) => void;
  readonly copy: () => void;
  /** Of all terminals, by so many steps; null: as at first. */
  readonly changeFontSize: (by: number | null) => void;
  readonly paste: () => Promise<void>;
  /** A paste was aimed elsewhere: what main may still hold for a session is void. */
  readonly forgetPaste: () => void;
  readonly released: (payload: EventPayload<'paste.released'>) => void;
  readonly reconnectNow: () => void;
  /** While held, no session takes input, and text that main releases is dropped. */
  readonly hold: (held: boolean) => void;
  readonly dispose: () => void;
}

const FONT_SIZES = { least: 9, usual: 13, most: 28 } as const;

export function createSessions(ports: SessionPorts, bridge: CaiseyBridge): SessionsStore {
  const store = createStore<SessionsState>(() => ({ sessions: [], active: null }));
  const { getState, setState } = store;
  let opened = 0;
  let fontSize: number = FONT_SIZES.usual;
  /** Where text that main holds belongs: the tab it was meant for, not the one in front when it is released. Null: a text field, which preload fills. */
  let pasting: Session | null = null;

  const activeSession = () => getState().sessions.find(({ key }) => key === getState().active) ?? null;

  const report = (session: Session, paste: PasteReport) => {
    const { sessionId } = session.store.getState();
    void ports.call('paste.report', { ...paste, sessionId });
  };

  return {
    store,
    activeSession,
    open: ({ machineId, name }, known) => {
      opened += 1;
      const same = getState().sessions.filter((other) => other.machineId === machineId);
      const session = new Session(ports, {
        key: `tab-${opened}`,
        machineId,
        machineName: name,
        ordinal: Math.max(0, ...same.map(({ ordinal }) => ordinal)) + 1,
        known: known ?? null,
      });
      session.view.setFontSize(fontSize);
      setState({ sessions: [...getState().sessions, session], active: session.key });
    },
    activate: (active) => setState({ active }),
    step: (by) => {
      const { sessions, active } = getState();
      const at = sessions.findIndex(({ key }) => key === active);
      const next = sessions[(at + by + sessions.length) % sessions.length];
      if (next !== undefined) setState({ active: next.key });
    },
    close: (key) => {
      const { sessions, active } = getState();
      const at = sessions.findIndex((session) => session.key === key);
      const closing = sessions[at];
      if (closing === undefined) return;
      const left = sessions.filter((session) => session !== closing);
      setState({
        sessions: left,
        active: active === key ? ((left[at] ?? left.at(-1))?.key ?? null) : active,
      });
      void closing.end();
      closing.dispose();
    },
    copy: () => {
      const session = activeSession();
      const text = session?.view.selection ?? '';
      if (session === null || text === '') return;
      bridge.call('clipboard.copy', { text }).then(
        () => session.hint(null),
        () => session.hint('The selection could not be copied.'),
      );
    },
    changeFontSize: (by) => {
      const { least, usual, most } = FONT_SIZES;
      fontSize = by === null ? usual : Math.min(most, Math.max(least, fontSize + by));
      for (const session of getState().sessions) session.view.setFontSize(fontSize);
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
    hold: (held) => {
      if (held) pasting = null;
      for (const session of getState().sessions) session.hold(held);
    },
    dispose: () => {
      const { sessions } = getState();
      setState({ sessions: [], active: null });
      for (const session of sessions) session.dispose();
    },
  };
}
