import type { ReactNode } from 'react';
import styles from './problem-text.module.css';

/** What is wrong, by a mark as well as by its colour. */
export function ProblemText({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} role="alert" className={styles['problem']}>
      <svg className={styles['mark']} width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
        <circle cx="7" cy="7" r="7" fill="currentColor" />
        <path d="M6 3h2v5H6zM6 9.2h2v2H6z" fill="var(--ground)" />
      </svg>
      <span>{children}</span>
    </p>
  );
}
