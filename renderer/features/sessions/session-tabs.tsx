import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { StateDot } from '../../design/state-dot.tsx';
import type { DotState } from '../../design/state-dot.tsx';
import type { Session, SessionState } from './session.ts';
import styles from './session-tabs.module.css';
import type { SessionsStore } from './sessions-store.ts';

/** The tabs of sessions, inside the shell's tab list. */
export function SessionTabs({
  sessions,
  shown,
  onShow,
}: {
  sessions: SessionsStore;
  /** Sessions are what the window shows. */
  shown: boolean;
  onShow: (key: string) => void;
}) {
  const { sessions: all, active } = useStore(sessions.store);
  return all.map((session) => (
    <SessionTab
      key={session.key}
      session={session}
      selected={shown && session.key === active}
      onShow={() => onShow(session.key)}
      onClose={() => sessions.close(session.key)}
    />
  ));
}

function SessionTab({
  session,
  selected,
  onShow,
  onClose,
}: {
  session: Session;
  selected: boolean;
  onShow: () => void;
  onClose: () => void;
}) {
  const state = useStore(session.store);
  const tab = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (selected) tab.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [selected]);
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
        <StateDot state={dotOf(state)} />
        {session.machineName}
        {session.ordinal > 1 && ` · ${session.ordinal}`}
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

function dotOf({ phase }: SessionState): DotState {
  if (phase.kind === 'opening') return 'waiting';
  if (phase.kind === 'failed') return 'off';
  const { terminal } = phase;
  if (terminal.kind === 'open') return terminal.agent === 'connected' ? 'good' : 'waiting';
  return terminal.kind === 'connecting' ? 'waiting' : 'off';
}
