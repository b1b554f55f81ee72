import type { LauncherState } from '#contract/window-state.ts';
import { Key } from '../../design/key.tsx';
import styles from './launcher-screen.module.css';

/** In place of an empty list: why it is empty, and what to do. */
export function NoClient({ state, filter }: { state: LauncherState; filter: string }) {
  if (filter.trim() !== '') {
    return (
      <p className={styles['empty']} role="status">
        No client on this computer is called “{filter.trim()}”.
      </p>
    );
  }
  return (
    <div className={styles['empty']} role="status">
      <p className={styles['emptyTitle']}>
        {state.mode.kind === 'switch' ? 'No other client on this computer' : 'No client on this computer yet'}
      </p>
      {state.mode.kind === 'switch' ? (
        <p>Stay, then add clients in the launcher.</p>
      ) : (
        <p>
          Press <Key chord="Control+KeyN" /> to sign in and add the clients you work for.
        </p>
      )}
    </div>
  );
}
