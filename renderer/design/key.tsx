import styles from './key.module.css';

/** A chord as keys. `chord` in the key table's notation: `Control+Shift+KeyL`, `Enter`, `/`. */
export function Key({ chord }: { chord: string }) {
  return (
    <kbd className={styles['chord']}>
      {chordKeys(chord).map((key) => (
        <span key={key} className={styles['key']}>
          {key}
        </span>
      ))}
    </kbd>
  );
}

const NAMES: Readonly<Record<string, string>> = {
  Control: 'Ctrl',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Slash: '/',
  Space: 'Space',
};

export function chordKeys(chord: string): string[] {
  return chord
    .split('+')
    .map((part) => NAMES[part] ?? part.replace(/^(?:Key|Digit)/, ''))
    .map((part) => (part.length === 1 ? part.toUpperCase() : part));
}
