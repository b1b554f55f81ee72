import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { PASTE_REQUEST_EVENT } from '#contract/channels.ts';
import { Button } from '../../design/button.tsx';
import { Key } from '../../design/key.tsx';
import { useKeys } from '../../design/keys/use-keys.ts';
import { Notice } from '../../design/notice.tsx';
import { TerminalPane } from '../../terminal/terminal-pane.tsx';
import { FindBar } from './find-bar.tsx';
import { LineSelectionBar } from './line-selection-bar.tsx';
import { RunProgress } from './run-progress.tsx';
import type { Session, SessionState } from './session.ts';
import { lineOf } from './session-line.tsx';
import styles from './session-panel.module.css';
import type { SessionsStore } from './sessions-store.ts';

/** Every open session, each kept drawn; the active one in front. */
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
  const { sessions: all, active } = useStore(sessions.store);
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Preload asks here instead of letting the page see the clipboard.
    const onPaste = (event: Event) => {
      if (!(event.target instanceof Node) || panel.current?.contains(event.target) !== true) {
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
  return (
    <div ref={panel} className={styles['panel']} data-theme="dark" data-shown={shown}>
      {all.map((session) => (
        <SessionView
          key={session.key}
          session={session}
          active={shown && session.key === active}
          focused={takesKeys}
          mayType={mayType}
          onCopy={sessions.copy}
          onClose={() => sessions.close(session.key)}
        />
      ))}
    </div>
  );
}

function SessionView({
  session,
  active,
  focused,
  mayType,
  onCopy,
  onClose,
}: {
  session: Session;
  active: boolean;
  focused: boolean;
  mayType: boolean;
  onCopy: () => void;
  onClose: () => void;
}) {
  const state = useStore(session.store);
  const [tool, setTool] = useState<'find' | 'lines' | null>(null);
  const live = active && focused && state.phase.kind === 'live';
  useKeys({ loadSkipped: () => session.loadSkipped() }, live && state.skipped?.leftBytes === null);
  useKeys({ takeUp: () => void session.takeOver() }, live && mayType);
  useKeys({ find: () => setTool('find'), selectLines: () => setTool('lines') }, live);
  const putAway = () => {
    setTool(null);
    session.view.focus();
  };
  return (
    <section
      className={styles['session']}
      data-active={active}
      aria-label={`Session on ${session.machineName}`}
      aria-hidden={!active}
      inert={!active}
    >
      <div className={styles['terminal']}>
        <TerminalPane view={session.view} active={active && focused} onMounted={() => void session.start()} />
      </div>
      {state.run !== null && <RunProgress run={state.run} onEnd={() => session.endRun()} />}
      {tool === 'find' && <FindBar view={session.view} onClose={putAway} />}
      {tool === 'lines' && <LineSelectionBar view={session.view} onCopy={onCopy} onClose={putAway} />}
      {tool === null && (
        <StateLine
          session={session}
          state={state}
          mayType={mayType}
          active={active && focused}
          onClose={onClose}
        />
      )}
    </section>
  );
}

/** One line below the terminal, always there: a terminal must not change its size because something is said. */
function StateLine({
  session,
  state,
  mayType,
  active,
  onClose,
}: {
  session: Session;
  state: SessionState;
  mayType: boolean;
  active: boolean;
  onClose: () => void;
}) {
  const over =
    state.phase.kind === 'live' &&
    (state.phase.terminal.kind === 'ended' || state.phase.terminal.kind === 'refused');
  // The terminal takes no more input, so a bare Enter is free again.
  useEnterToClose(active && over, onClose);
  if (state.phase.kind === 'failed') {
    return (
      <div className={styles['failed']}>
        <Notice
          tone="warn"
          role="alert"
          title={`No session on ${session.machineName}`}
          actions={
            <>
              <Button onClick={() => void session.retry()} autoFocus={active} chord="Enter">
                Try again
              </Button>
              <Button kind="quiet" onClick={onClose} chord="Control+Shift+KeyW">
                Close the tab
              </Button>
            </>
          }
        >
          {state.phase.error.text}
        </Notice>
      </div>
    );
  }
  const line = lineOf(state, mayType);
  return (
    <div
      className={styles['line']}
      data-over={over}
      data-quiet={line === null}
      data-watching={!over && state.people?.mode === 'watch'}
    >
      <p role="status" aria-label="Session state">
        {line ?? `${session.machineName} · recorded`}
      </p>
      {!over && (
        <span className={styles['hints']}>
          <span>
            <Key chord="Control+Shift+KeyF" /> find
          </span>
          <span>
            <Key chord="Control+Shift+KeyC" /> copy
          </span>
          {state.people?.mode !== 'watch' && (
            <span>
              <Key chord="Control+Shift+KeyV" /> paste
            </span>
          )}
        </span>
      )}
    </div>
  );
}

function useEnterToClose(enabled: boolean, onClose: () => void): void {
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    const onKey = (event: KeyboardEvent) => {
      const { target } = event;
      const here =
        target === document.body || (target instanceof Element && target.closest('[data-terminal]'));
      if (!here || event.key !== 'Enter' || event.ctrlKey || event.altKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      close.current();
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [enabled]);
}
