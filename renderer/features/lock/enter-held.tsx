import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { ClientName } from '../../design/client-name.tsx';
import { FrameMark } from '../../design/frame-mark.tsx';
import { Key } from '../../design/key.tsx';
import styles from './enter-held.module.css';

/** Back after a while elsewhere: the first Enter did nothing but show where it would have gone. Takes no focus. */
export function EnterHeld({ frame }: { frame: WorkspaceFrame }) {
  return (
    <div className={styles['held']} data-theme="dark" role="alert">
      <FrameMark frame={frame} />
      <p>
        You are in <ClientName frame={frame} />. That Enter was held: press <Key chord="Enter" /> again.
      </p>
    </div>
  );
}
