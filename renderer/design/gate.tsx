import type { ReactNode } from 'react';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { ClientName, isLongName } from './client-name.tsx';
import { FrameMark } from './frame-mark.tsx';
import styles from './gate.module.css';

/** A screen that stands before a workspace: which client first, large; then the one thing to do. */
export function Gate({
  frame,
  title,
  children,
}: {
  frame: WorkspaceFrame;
  title: ReactNode;
  children: ReactNode;
}) {
  return (
    <main className={styles['gate']}>
      <div className={styles['column']}>
        <header className={styles['head']}>
          <FrameMark frame={frame} size="large" />
          <h1>
            <span className={styles['title']}>{title}</span>{' '}
            <span className={styles['name']} data-long={isLongName(frame)}>
              <ClientName frame={frame} />
            </span>
          </h1>
        </header>
        {children}
      </div>
    </main>
  );
}
