import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { ClientName } from '../../design/client-name.tsx';
import styles from './enter-held.module.css';

/**
 * Back after a while elsewhere: the first Enter did nothing but show where it would have gone. It stands before what
 * the next one does, covers nothing and takes no focus.
 */
export function EnterHeld({ frame }: { frame: WorkspaceFrame }) {
  return (
    <p className={styles['held']} role="alert">
      You are in <ClientName frame={frame} />. That Enter was held. Pressed again:
    </p>
  );
}
