import styles from './state-dot.module.css';

export type DotState = 'good' | 'waiting' | 'half' | 'silent' | 'off';

/** State by shape as well as colour: filled, half, hollow. The words stand beside it. */
export function StateDot({ state }: { state: DotState }) {
  return <span className={styles['dot']} data-state={state} aria-hidden="true" />;
}
