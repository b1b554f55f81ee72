import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { PASTE_REQUEST_EVENT } from '#contract/channels.ts';
import { useKeys } from '../../design/keys/use-keys.ts';
import { SessionPane } from './session-pane.tsx';
import styles from './session-panel.module.css';
import type { SessionsStore } from './sessions-store.ts';
import { shownPanes } from './shown-panes.ts';
import { withChosen } from './tabs.ts';
import { usePaneKeys } from './use-pane-keys.ts';

/** Every open session, each kept drawn; in front the panes of the tab that is shown. */
export function SessionPanel({
  sessions,
  shown,
  takesKeys,
  mayType,
}: {
  sessions: SessionsStore;
  shown: boolean;
  /** This person's role can have a keyboard. */
  mayType: boolean;
  /** False while something lies over it; the terminal has the focus again as soon as it does not. */
  takesKeys: boolean;
}) {
  const { sessions: all, tabs } = useStore(sessions.store);
  useEffect(() => {
    // Preload asks here instead of letting the page see the clipboard.
    const onPaste = (event: Event) => {
      const { target } = event;
      if (!(target instanceof Element) || target.closest('[data-pane] [data-terminal]') === null) {
        sessions.forgetPaste();
        return;
      }
      event.preventDefault();
      void sessions.paste();
    };
    window.addEventListener(PASTE_REQUEST_EVENT, onPaste);
    return () => window.removeEventListener(PASTE_REQUEST_EVENT, onPaste);
  }, [sessions]);
  useKeys(
    {
      fontLarger: () => sessions.changeFontSize(1),
      fontSmaller: () => sessions.changeFontSize(-1),
      fontUsual: () => sessions.changeFontSize(null),
    },
    shown && takesKeys,
  );
  usePaneKeys(sessions, { enabled: shown && takesKeys, mayOpen: mayType });
  const panes = useMemo(() => shownPanes(tabs), [tabs]);
  return (
    <div className={styles['panel']} data-theme="dark" data-shown={shown}>
      {all.map((session) => (
        <SessionPane
          key={session.key}
          session={session}
          pane={panes.get(session.key) ?? null}
          shown={shown}
          takesKeys={takesKeys}
          mayType={mayType}
          onChoose={() => sessions.arrange((now) => withChosen(now, session.key))}
          onCopy={sessions.copy}
          onPaste={() => void sessions.paste()}
          onClose={() => {
            // What it asks is seen, and answered, where the keyboard is.
            if (!sessions.close(session.key)) sessions.arrange((now) => withChosen(now, session.key));
          }}
        />
      ))}
    </div>
  );
}
