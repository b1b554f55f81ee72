import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Button } from '../../design/button.tsx';
import { Gate } from '../../design/gate.tsx';
import styles from './lock-screen.module.css';

/** The last four: the relay ended the stay. `ended`: it did not say why, or the identity service ended the sign-in. */
export type LockReason = 'locked' | 'switched' | 'closed' | 'idle' | 'max_age' | 'revoked' | 'ended';

const REASON_TEXT: Readonly<Record<LockReason, string>> = {
  locked: 'Locked. Sign in again to continue.',
  switched: 'Locked — you switched to another client.',
  closed: 'Closing…',
  idle: 'Locked — nobody did anything here for a while.',
  max_age: 'Locked — this stay reached the longest time that this client allows.',
  revoked: 'Locked — your access to this client was revoked. Ask an administrator.',
  ended: 'Locked — your sign-in here has ended.',
};

export function LockScreen({
  frame,
  reason,
  ending,
  onSignIn,
}: {
  frame: WorkspaceFrame;
  reason: LockReason;
  /** The sign-in is still being ended. */
  ending: boolean;
  onSignIn: () => void;
}) {
  return (
    <Gate frame={frame} title={<Lock />}>
      <div className={styles['locked']}>
        <p role="status" className={styles['reason']}>
          {REASON_TEXT[reason]}
        </p>
        {reason !== 'closed' && (
          <Button
            kind="primary"
            onClick={onSignIn}
            disabled={ending}
            chord="Enter"
            autoFocus
            enter={`asks for a fresh sign-in to ${frame.name}`}
            waits="the sign-in has ended"
            key={String(ending)}
          >
            {ending ? 'Ending the sign-in…' : 'Sign in again'}
          </Button>
        )}
        <p className={styles['aside']}>
          Your sign-in here has ended. What runs on machines runs on for a while: sign in again to take it up.
        </p>
      </div>
    </Gate>
  );
}

function Lock() {
  return (
    <svg className={styles['icon']} width="22" height="22" viewBox="0 0 24 24" aria-hidden="true">
      <path
        fill="currentColor"
        d="M12 1.5a5.5 5.5 0 0 1 5.5 5.5v3H19a1.5 1.5 0 0 1 1.5 1.5V21a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 21v-9.5A1.5 1.5 0 0 1 5 10h1.5V7A5.5 5.5 0 0 1 12 1.5zm0 2.5a3 3 0 0 0-3 3v3h6V7a3 3 0 0 0-3-3z"
      />
    </svg>
  );
}
