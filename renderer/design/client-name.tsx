import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import styles from './client-name.module.css';
import { nameParts } from './name-parts.ts';

/** Characters; a longer name is drawn smaller rather than lose its end, where names differ. */
const LONG_NAME = 36;

export function isLongName({ name }: Pick<WorkspaceFrame, 'name'>): boolean {
  return name.length > LONG_NAME;
}

/** A client's full name; the part that tells it from its look-alikes in bold. */
export function ClientName({
  frame,
  oneLine = false,
}: {
  frame: Pick<WorkspaceFrame, 'name' | 'emphasis'>;
  /** Where there is no room, the common parts give way, and the distinguishing one stays. */
  oneLine?: boolean;
}) {
  const { before, distinct, after } = nameParts(frame);
  return (
    // By itself, whatever direction it is written in: what stands around it keeps its order.
    <bdi className={styles['name']} data-one-line={oneLine}>
      {before !== '' && <span className={styles['common']}>{before}</span>}
      {distinct !== '' && <strong className={styles['distinct']}>{distinct}</strong>}
      {after !== '' && <span className={styles['common']}>{after}</span>}
    </bdi>
  );
}
