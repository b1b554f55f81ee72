import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { RecordTrouble } from '../../connection/record-watch.ts';
import { Notice } from '../../design/notice.tsx';
import styles from './workspace-window.module.css';

/** Loud, and it stays: nobody who works here should rely on a record that was tampered with. */
export function RecordBanner({ trouble }: { trouble: StoreApi<RecordTrouble | null> }) {
  const found = useStore(trouble);
  return found === null ? null : <RecordNotice trouble={found} />;
}

export function RecordNotice({ trouble }: { trouble: RecordTrouble }) {
  const seen = trouble.seenSize.toLocaleString('en');
  return (
    <div className={styles['banner']}>
      <Notice tone="alarm" role="alert" title="The record of this client was cut or changed">
        {trouble.kind === 'cut'
          ? `This computer saw ${seen} signed events; the relay now shows ${trouble.size.toLocaleString('en')}.`
          : `The ${seen} events that this computer saw signed are not the ones that the relay now shows.`}{' '}
        Now: call whoever is responsible for security, and rely on nothing in the review until they answer.
        Sessions work on.
      </Notice>
    </div>
  );
}
