import { useEffect, useLayoutEffect, useRef } from 'react';
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
        let kept: string | null = null;
        for (const key of keysOf(tab.tree)) if (!sessions.close(key)) kept ??= key;
        // What it asks is seen, and answered, where the keyboard is.
        if (kept !== null) onShow(kept);
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
          <SessionMark key={each.key} session={each} inFront={selected} />
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

/**
 * How it is; and a bell, where one rang that nobody saw: in a tab behind, or while others covered the window. That one
 * stands until somebody does something here.
 */
function SessionMark({ session, inFront }: { session: Session; inFront: boolean }) {
  const state = useStore(session.store);
  const { rang } = state;
  useLayoutEffect(() => {
    if (!inFront || !rang) return undefined;
    const seen = () => session.bellSeen();
    if (!document.hidden) {
      seen();
      return undefined;
    }
    window.addEventListener('keydown', seen, { capture: true });
    window.addEventListener('pointerdown', seen, { capture: true });
    return () => {
      window.removeEventListener('keydown', seen, { capture: true });
      window.removeEventListener('pointerdown', seen, { capture: true });
    };
  }, [session, inFront, rang]);
  return (
    <>
      <StateDot state={dotOf(state)} />
      {rang && (
        <svg className={styles['bell']} viewBox="0 0 16 16" role="img" aria-label="Bell rang:">
          <path d="M8 1.5a4.5 4.5 0 0 0-4.5 4.5v3L2 11.5v1h12v-1L12.5 9V6A4.5 4.5 0 0 0 8 1.5Zm-1.6 12a1.6 1.6 0 0 0 3.2 0Z" />
        </svg>
      )}
    </>
  );
}

function sessionsOf({ tree }: Tab, all: readonly Session[]): readonly Session[] {
  return keysOf(tree).flatMap((key) => all.filter((session) => session.key === key));
}
