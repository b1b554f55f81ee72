import type { ReactNode } from 'react';
import styles from './notice.module.css';

interface NoticeProps {
  readonly tone?: 'plain' | 'warn' | 'alarm';
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** `alert` interrupts a screen reader; `status` waits its turn. */
  readonly role?: 'alert' | 'status';
}

/** Something to know: what happened, and the next step. Never a modal. */
export function Notice({ tone = 'plain', title, children, actions, role = 'status' }: NoticeProps) {
  return (
    <div className={styles['notice']} data-tone={tone} role={role}>
      <div className={styles['text']}>
        <p className={styles['title']}>{title}</p>
        {children !== undefined && <div className={styles['body']}>{children}</div>}
      </div>
      {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
    </div>
  );
}
