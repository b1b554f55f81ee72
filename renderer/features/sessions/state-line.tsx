import { useEffect, useRef } from 'react';
import { useEnterDoes } from '../../design/enter/enter-keys.ts';
import { Button } from '../../design/button.tsx';
import { Key } from '../../design/key.tsx';
import { Notice } from '../../design/notice.tsx';
import type { Session } from './session.ts';
import type { SessionState } from './session-state.ts';
import { lineOf } from './session-line.tsx';
import { failureText, nameOf, terminalEnterText } from './session-text.ts';
import styles from './state-line.module.css';

/** One line below the terminal, always there: a terminal must not change its size because something is said. */
export function StateLine({
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
  useEnterDoes(active && over ? terminalEnterText(session, state) : undefined);
  if (state.phase.kind === 'failed') {
    return (
      <div className={styles['failed']}>
        <Notice
          tone="warn"
          role="alert"
          title={`No session on ${session.machineName}`}
          actions={
            session.canRetry ? (
              <>
                <Button
                  key={String(active)}
                  onClick={() => void session.retry()}
                  autoFocus={active}
                  chord="Enter"
                  enter={`tries again to open a session on ${session.machineName}`}
                >
                  Try again
                </Button>
                <Button kind="quiet" onClick={onClose} action="closeSession">
                  Close
                </Button>
              </>
            ) : (
              <Button
                key={String(active)}
                onClick={onClose}
                autoFocus={active}
                chord="Enter"
                enter={`closes the pane of ${nameOf(session)}`}
              >
                Close
              </Button>
            )
          }
        >
          {failureText(state.phase.error)}
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
      data-warns={!over && (state.people?.mode === 'watch' || state.ending !== null)}
    >
      <p role="status" aria-label="Session state">
        {line ?? `${nameOf(session)} · recorded`}
      </p>
      {!over && (
        <span className={styles['hints']}>
          <span>
            <Key action="find" /> find
          </span>
          <span>
            <Key action="copy" /> copy
          </span>
          {state.people?.mode !== 'watch' && (
            <span>
              <Key action="paste" /> paste
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
    const onKeyDown = (event: KeyboardEvent) => {
      const { target } = event;
      const here =
        target === document.body || (target instanceof Element && target.closest('[data-terminal]'));
      if (!here || event.key !== 'Enter' || event.ctrlKey || event.altKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      // Not by the key that ended it, should it still be down.
      if (!event.repeat) close.current();
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [enabled]);
}
