import type { KnownWorkspace, LauncherState } from '#contract/window-state.ts';
import { Button } from '../../design/button.tsx';
import { ClientName } from '../../design/client-name.tsx';
import { FrameMark } from '../../design/frame-mark.tsx';
import styles from './launcher-screen.module.css';
import { reviewRound } from './launcher-store.ts';

/** Outside the ceremony: what there is to do, and how many reviews are still due. */
export function LauncherHead({ state, onAdd }: { state: LauncherState | null; onAdd: () => void }) {
  const { due, done } = state === null ? { due: 0, done: 0 } : reviewRound(state);
  return (
    <header className={styles['head']}>
      <div className={styles['headText']}>
        <h1 className={styles['title']}>Open a client</h1>
        <p className={styles['sub']}>
          {due + done > 0 && (
            <b className={styles['round']}>
              {due === 0 ? 'All reviewed. ' : `${due} of ${due + done} still to review. `}
            </b>
          )}
          Each opens in its own window, with its own sign-in.
        </p>
      </div>
      <Button onClick={onAdd} chord="Control+KeyN" tabIndex={-1}>
        Add clients
      </Button>
    </header>
  );
}

/** In the ceremony: which client is left, and what that means. */
export function SwitchHead({ from, onCancel }: { from: KnownWorkspace; onCancel: () => void }) {
  return (
    <header className={styles['leaving']} aria-label="Switch client">
      <FrameMark frame={from.frame} />
      <div className={styles['leavingText']}>
        <h1 className={styles['title']}>
          Leaving <ClientName frame={from.frame} />
        </h1>
        <p className={styles['sub']}>It will be locked. The client you choose asks for a fresh sign-in.</p>
      </div>
      <Button onClick={onCancel} chord="Escape">
        Stay
      </Button>
    </header>
  );
}
