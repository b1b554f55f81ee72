import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import styles from './client-name.module.css';

/** Characters; a longer name is drawn smaller rather than lose its end, where names differ. */
const LONG_NAME = 36;

export function isLongName({ name }: Pick<WorkspaceFrame, 'name'>): boolean {
  return name.length > LONG_NAME;
}

/** A client's full name; the part that tells it from its look-alikes in bold. */
export function ClientName({ frame }: { frame: Pick<WorkspaceFrame, 'name' | 'emphasis'> }) {
  const { before, distinct, after } = nameParts(frame);
  return (
    // By itself, whatever direction it is written in: what stands around it keeps its order.
    <bdi className={styles['name']}>
      {before}
      {distinct !== '' && <strong className={styles['distinct']}>{distinct}</strong>}
      {after}
    </bdi>
  );
}

/** The name cut at its emphasis; a range that does not fit emphasises the whole name rather than nothing. */
export function nameParts({ name, emphasis: [from, to] }: Pick<WorkspaceFrame, 'name' | 'emphasis'>): {
  readonly before: string;
  readonly distinct: string;
  readonly after: string;
} {
  if (from >= to || to > name.length) return { before: '', distinct: name, after: '' };
  return { before: name.slice(0, from), distinct: name.slice(from, to), after: name.slice(to) };
}
