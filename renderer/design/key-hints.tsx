import { Key } from './key.tsx';
import styles from './key-hints.module.css';

export interface KeyHint {
  readonly chords: readonly string[];
  readonly does: string;
}

/** The few keys that matter on this screen, at its foot; what Enter does stands below it. The overlay has all. */
export function KeyHints({ hints }: { hints: readonly KeyHint[] }) {
  return (
    <footer className={styles['hints']}>
      {hints.map(({ chords, does }) => (
        <span key={does} className={styles['hint']}>
          {chords.map((chord) => (
            <Key key={chord} chord={chord} />
          ))}
          {does}
        </span>
      ))}
    </footer>
  );
}
