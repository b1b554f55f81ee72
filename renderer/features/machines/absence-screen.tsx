import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { ClientName } from '../../design/client-name.tsx';
import { frameStyle } from '../../design/frame-colours.ts';
import { FrameMark } from '../../design/frame-mark.tsx';
import styles from './absence-screen.module.css';

/**
 * Nothing of that name in this client: the alarm. It speaks of this client only, offers no near names, and holds
 * nothing that could be pressed: the focus stays in the search field.
 */
export function AbsenceScreen({ frame, query }: { frame: WorkspaceFrame; query: string }) {
  return (
    <section
      className={styles['absence']}
      style={frameStyle(frame.colour)}
      role="alert"
      data-testid="absence"
    >
      <FrameMark frame={frame} size="large" />
      <p className={styles['line']}>
        <span className={styles['query']}>"{query}"</span> <span>does not exist in</span>{' '}
        <span className={styles['client']}>
          <ClientName frame={frame} />
        </span>
      </p>
      <p className={styles['aside']}>You are in this client only. Nothing else was searched.</p>
    </section>
  );
}
