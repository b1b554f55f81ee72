import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Gate } from '../../design/gate.tsx';
import { ReverifyForm } from './reverify-form.tsx';
import type { ReverifyPorts } from './reverify-form.tsx';
import styles from './reverify-overlay.module.css';

/** Covers everything and takes all input until the same person has signed in anew for this client. */
export function ReverifyOverlay({
  frame,
  ports,
  onLock,
}: {
  frame: WorkspaceFrame;
  ports: ReverifyPorts;
  onLock: () => void;
}) {
  return (
    <div className={styles['cover']} role="dialog" aria-modal="true" aria-label="Confirm that it is you">
      <Gate frame={frame} title="You switched to">
        <ReverifyForm ports={ports} cancel={{ does: 'Lock instead', action: 'lock', onPress: onLock }}>
          <span className={styles['why']}>
            This client was already open. Confirm your sign-in before it takes input.
          </span>
        </ReverifyForm>
      </Gate>
    </div>
  );
}
