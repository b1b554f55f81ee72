import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { Key } from '../../design/key.tsx';
import { countText } from '../../design/time-text.ts';
import type { SelectionStep, TextSelection } from '../../terminal/text-selection.ts';
import type { TerminalView } from '../../terminal/terminal-view.ts';
import styles from './terminal-bar.module.css';

/** Chooses lines or characters with the arrow keys and copies them. While it stands, no key reaches the machine. */
export function TextSelectionBar({
  view,
  onCopy,
  onClose,
}: {
  view: TerminalView;
  onCopy: () => void;
  onClose: () => void;
}) {
  const bar = useRef<HTMLDivElement>(null);
  const selection = useRef<TextSelection | null>(null);
  const [chosen, setChosen] = useState('1 line');
  useEffect(() => {
    bar.current?.focus();
    const made = view.selectText();
    selection.current = made;
    return () => view.endSelectText(made);
  }, [view]);

  const onKeyDown = (event: KeyboardEvent) => {
    const { current } = selection;
    if (current === null) return;
    const step = stepOf(event);
    if (step !== null) {
      current.move(step, event.shiftKey);
      const { lines } = current;
      setChosen(lines === null ? countText(lengthOf(view.selection), 'character') : countText(lines, 'line'));
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
      aria-label="Select text"
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-enter={`copies ${chosen}, and goes back to the terminal`}
    >
      <p className={styles['said']} role="status">
        {chosen} chosen
      </p>
      <span className={styles['hints']}>
        <span>
          <Key chord="ArrowUp" /> <Key chord="ArrowDown" /> lines
        </span>
        <span>
          <Key chord="ArrowLeft" /> <Key chord="ArrowRight" /> characters
        </span>
        <span>
          <Key chord="B" /> <Key chord="W" /> words
        </span>
        <span>
          with <Key chord="Shift" /> more
        </span>
        <span>
          <Key chord="Escape" /> back
        </span>
      </span>
    </div>
  );
}

/** As a person counts: what is drawn as one character is one. */
function lengthOf(text: string): number {
  return Array.from(new Intl.Segmenter().segment(text)).length;
}

const STEPS: Readonly<Record<string, SelectionStep>> = {
  ArrowUp: 'up',
  k: 'up',
  ArrowDown: 'down',
  j: 'down',
  PageUp: 'pageUp',
  PageDown: 'pageDown',
  ArrowLeft: 'left',
  h: 'left',
  ArrowRight: 'right',
  l: 'right',
  // Beside another pane, Ctrl+Shift with an arrow goes there.
  b: 'wordLeft',
  w: 'wordRight',
  Home: 'lineStart',
  End: 'lineEnd',
};
const WITH_CTRL: Readonly<Record<string, SelectionStep>> = {
  ArrowLeft: 'wordLeft',
  ArrowRight: 'wordRight',
  Home: 'first',
  End: 'last',
};

function stepOf({ key, ctrlKey, metaKey }: KeyboardEvent): SelectionStep | null {
  return (ctrlKey || metaKey ? WITH_CTRL : STEPS)[key.length === 1 ? key.toLowerCase() : key] ?? null;
}
