import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { Key } from '../../design/key.tsx';
import { countText } from '../../design/time-text.ts';
import type { LineSelection } from '../../terminal/line-selection.ts';
import type { TerminalView } from '../../terminal/terminal-view.ts';
import styles from './terminal-bar.module.css';

/** Chooses lines with the arrow keys and copies them. While it stands, no key reaches the machine. */
export function LineSelectionBar({
  view,
  onCopy,
  onClose,
}: {
  view: TerminalView;
  onCopy: () => void;
  onClose: () => void;
}) {
  const bar = useRef<HTMLDivElement>(null);
  const selection = useRef<LineSelection | null>(null);
  const [lines, setLines] = useState(1);
  useEffect(() => {
    bar.current?.focus();
    const made = view.selectLines();
    selection.current = made;
    return () => made.end();
  }, [view]);

  const onKeyDown = (event: KeyboardEvent) => {
    const { current } = selection;
    if (current === null) return;
    const by = stepOf(event.key, current.page);
    if (by !== null) {
      current.move(by, event.shiftKey);
      setLines(current.lines);
    } else if (event.key === 'Enter') {
      onCopy();
      onClose();
    } else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={bar}
      className={styles['bar']}
      role="toolbar"
      aria-label="Select lines"
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-enter={`copies ${countText(lines, 'line')}, and goes back to the terminal`}
    >
      <p className={styles['said']} role="status">
        {countText(lines, 'line')} chosen
      </p>
      <span className={styles['hints']}>
        <span>
          <Key chord="ArrowUp" /> <Key chord="ArrowDown" /> move
        </span>
        <span>
          <Key chord="Shift+ArrowUp" /> more lines
        </span>
        <span>
          <Key chord="Escape" /> back to the terminal
        </span>
      </span>
    </div>
  );
}

function stepOf(key: string, page: number): number | null {
  switch (key) {
    case 'ArrowUp':
    case 'k':
      return -1;
    case 'ArrowDown':
    case 'j':
      return 1;
    case 'PageUp':
      return -page;
    case 'PageDown':
      return page;
    default:
      return null;
  }
}
