import { useEffect, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { Key } from '../../design/key.tsx';
import type { TerminalView } from '../../terminal/terminal-view.ts';
import styles from './terminal-bar.module.css';

/** Finds text in what the terminal still holds. Stands where the state line stands. */
export function FindBar({ view, onClose }: { view: TerminalView; onClose: () => void }) {
  const [text, setText] = useState('');
  const [found, setFound] = useState<{ at: number; count: number } | null>(null);
  useEffect(() => {
    const stop = view.onFound(setFound);
    return () => {
      stop();
      view.endFind();
    };
  }, [view]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') view.find(text, !event.shiftKey);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
  };
  return (
    <div className={styles['bar']} role="search" aria-label="Find in the terminal">
      <input
        className={styles['field']}
        type="text"
        aria-label="Find"
        placeholder="Find in the terminal"
        autoFocus
        spellCheck={false}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          if (target.value === '') view.endFind();
          else view.find(target.value, true);
        }}
        onKeyDown={onKeyDown}
        data-enter={text === '' ? 'does nothing: no text to find' : `finds “${text}” further up`}
      />
      <p className={styles['said']} role="status">
        {text === '' ? '' : foundText(found)}
      </p>
      <span className={styles['hints']}>
        <span>
          <Key chord="Shift+Enter" /> down
        </span>
        <span>
          <Key chord="Escape" /> back to the terminal
        </span>
      </span>
    </div>
  );
}

function foundText(found: { at: number; count: number } | null): string {
  if (found === null || found.count === 0) return 'Not there';
  return found.at < 0 ? `${found.count} places` : `${found.at + 1} of ${found.count}`;
}
