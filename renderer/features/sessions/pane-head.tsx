import { Key } from '../../design/key.tsx';
import { StateDot } from '../../design/state-dot.tsx';
import type { Direction } from './pane-tree.ts';
import styles from './pane-head.module.css';
import type { Session } from './session.ts';
import type { SessionState } from './session-state.ts';
import { dotOf, nameOf } from './session-text.ts';
import type { ShownPane } from './shown-panes.ts';

const TOWARDS = {
  left: 'paneLeft',
  right: 'paneRight',
  up: 'paneUp',
  down: 'paneDown',
} as const satisfies Record<Direction, string>;

/** Above each pane of several: which machine it is, whether the keyboard is here, and the key that brings it here. */
export function PaneHead({
  session,
  state,
  pane,
  onClose,
}: {
  session: Session;
  state: SessionState;
  pane: ShownPane;
  onClose: () => void;
}) {
  const { chosen, zoomed, panes, towards } = pane;
  return (
    // A press here must not take the focus from the terminal.
    <header className={styles['head']} onMouseDown={(event) => event.preventDefault()}>
      <StateDot state={dotOf(state)} />
      <b className={styles['name']}>{nameOf(session)}</b>
      <span className={styles['note']}>
        {chosen && <span className={styles['here']}>Keyboard here</span>}
        {chosen && zoomed && (
          <span>
            Zoomed, 1 of {panes} · <Key action="zoomPane" />
          </span>
        )}
        {!chosen && towards !== null && (
          <span className={styles['key']}>
            <Key action={TOWARDS[towards]} />
          </span>
        )}
      </span>
      <button
        type="button"
        className={styles['close']}
        tabIndex={-1}
        aria-hidden="true"
        onPointerDown={(event) => event.stopPropagation()}
        onClick={onClose}
        aria-label={`Close ${session.machineName}`}
      >
        ×
      </button>
    </header>
  );
}
