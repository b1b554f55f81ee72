import { useContext } from 'react';
import { KeyBindingsContext } from './keys/key-bindings.ts';
import type { KeyAction } from './keys/key-table.ts';
import styles from './key.module.css';

/** A chord in the key table's notation (`Enter`, `/`), or the one that an action has now. */
export type KeyShown = { readonly chord: string } | { readonly action: KeyAction };

/** A chord as keys. */
export function Key(shown: KeyShown) {
  const { chordsOf } = useContext(KeyBindingsContext);
  const chord = 'chord' in shown ? shown.chord : (chordsOf(shown.action)[0] ?? '');
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
  Comma: ',',
  Period: '.',
  Meta: '⌘',
};

export function chordKeys(chord: string): string[] {
  return chord
    .split('+')
    .map((part) => NAMES[part] ?? part.replace(/^(?:Key|Digit)/, ''))
    .map((part) => (part.length === 1 ? part.toUpperCase() : part));
}
