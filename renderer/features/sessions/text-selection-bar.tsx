import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { Key } from '../../design/key.tsx';
import { countText } from '../../design/time-text.ts';
import { hostText } from '../../terminal/link-text.ts';
import type { Towards } from '../../terminal/link-search.ts';
import type { SelectionStep, TextSelection } from '../../terminal/text-selection.ts';
import type { TerminalView } from '../../terminal/terminal-view.ts';
import styles from './terminal-bar.module.css';

/**
 * Chooses lines, characters or a link by keyboard and copies them, of a link the address. While it stands, no key
 * reaches the machine.
 */
export function TextSelectionBar({
  view,
  onCopy,
  onClose,
}: {
  view: TerminalView;
  onCopy: (address?: string) => void;
  onClose: () => void;
}) {
  const bar = useRef<HTMLDivElement>(null);
  const selection = useRef<TextSelection | null>(null);
  const [chosen, setChosen] = useState<Chosen>({ text: '1 line', host: null, none: null });
  useEffect(() => {
    bar.current?.focus();
    const made = view.selectText();
    selection.current = made;
    return () => view.endSelectText(made);
  }, [view]);

  const onKeyDown = (event: KeyboardEvent) => {
    const { current } = selection;
    if (current === null) return;
    const [step, towards] = [stepOf(event), linkStepOf(event)];
    if (step !== null) {
      current.move(step, event.shiftKey);
      setChosen(chosenOf(current, view.selection));
    } else if (towards !== null) {
      const found = current.moveToLink(towards);
      setChosen({ ...chosenOf(current, view.selection), none: found ? null : towards });
    } else if (event.key === 'Enter') {
      onCopy(current.link?.address);
      onClose();
    } else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
  };
  const { text, host, none } = chosen;
  return (
    <div
      ref={bar}
      className={styles['bar']}
      role="toolbar"
      aria-label="Select text"
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-enter={`copies ${host === null ? text : `the address of this link, which leads to ${host}`}, and goes back to the terminal`}
    >
      <p className={styles['said']} role="status">
        {host === null ? (
          <span>{none === null ? `${text} chosen` : `No link ${WHERE[none]} · ${text} chosen`}</span>
        ) : (
          <>
            <span className={styles['lead']}>Link to </span>
            <span className={styles['host']}>
              <bdi dir="ltr">{host}</bdi>
            </span>
            {none !== null && <span> · none {WHERE[none]}</span>}
          </>
        )}
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
          <Key chord="U" /> links
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

const WHERE: Readonly<Record<Towards, string>> = { up: 'above', down: 'below' };

interface Chosen {
  /** Of what is not a link. */
  readonly text: string;
  /** Where the link that is chosen leads, whatever its text says. */
  readonly host: string | null;
  /** Where no further link is. */
  readonly none: Towards | null;
}

function chosenOf({ lines, link }: TextSelection, selected: string): Chosen {
  const text = lines === null ? countText(lengthOf(selected), 'character') : countText(lines, 'line');
  return { text, host: link === null ? null : hostText(link.address), none: null };
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

/** U goes up: the newest is what one looks for. */
function linkStepOf({ key, shiftKey, ctrlKey, altKey, metaKey }: KeyboardEvent): Towards | null {
  if (ctrlKey || altKey || metaKey || key.toLowerCase() !== 'u') return null;
  return shiftKey ? 'down' : 'up';
}
