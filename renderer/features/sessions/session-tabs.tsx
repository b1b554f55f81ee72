import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { StateDot } from '../../design/state-dot.tsx';
import { keysOf } from './pane-tree.ts';
import type { Session } from './session.ts';
import { dotOf, nameOf } from './session-text.ts';
import styles from './session-tabs.module.css';
import type { SessionsStore } from './sessions-store.ts';
import type { Tab } from './tabs.ts';

/** The tabs of sessions, inside the shell's tab list. */
export function SessionTabs({
  sessions,
  shown,
  onShow,
}: {
  sessions: SessionsStore;
  /** Sessions are what the window shows. */
  shown: boolean;
  /** With the session of the tab that has the keyboard. */
  onShow: (key: string) => void;
}) {
  const { sessions: all, tabs } = useStore(sessions.store);
  return tabs.all.map((tab, index) => (
    <SessionTab
      key={keysOf(tab.tree)[0]}
      sessions={sessionsOf(tab, all)}
      chosen={tab.chosen}
      selected={shown && index === tabs.front}
      onShow={() => onShow(tab.chosen)}
      onClose={() => {
        for (const key of keysOf(tab.tree)) sessions.close(key);
      }}
    />
  ));
}

function SessionTab({
  sessions,
  chosen,
  selected,
  onShow,
  onClose,
}: {
  sessions: readonly Session[];
  chosen: string;
  selected: boolean;
  onShow: () => void;
  onClose: () => void;
}) {
  const tab = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (selected) tab.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [selected]);
  const session = sessions.find(({ key }) => key === chosen);
  if (session === undefined) return null;
  return (
    <span ref={tab} className={styles['tab']} data-selected={selected}>
      <button
        type="button"
        role="tab"
        aria-selected={selected}
        className={styles['show']}
        onClick={onShow}
        tabIndex={selected ? 0 : -1}
      >
        {sessions.map((each) => (
          <SessionDot key={each.key} session={each} />
        ))}
        {nameOf(session)}
        {sessions.length > 1 && <span className={styles['more']}>+{sessions.length - 1}</span>}
      </button>
      <button
        type="button"
        className={styles['close']}
        tabIndex={-1}
        aria-hidden="true"
        onClick={onClose}
        aria-label={`Close ${session.machineName}`}
      >
        ×
      </button>
    </span>
  );
}

function SessionDot({ session }: { session: Session }) {
  return <StateDot state={dotOf(useStore(session.store))} />;
}

function sessionsOf({ tree }: Tab, all: readonly Session[]): readonly Session[] {
  return keysOf(tree).flatMap((key) => all.filter((session) => session.key === key));
}
