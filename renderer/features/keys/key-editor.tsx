import { useContext, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { KeyboardEvent as ReactKeyboardEvent } from 'react';
import type { KeyChanges, RebindableAction } from '#contract/key-changes.ts';
import { Button } from '../../design/button.tsx';
import { ErrorCode } from '../../design/error-code.tsx';
import { Key } from '../../design/key.tsx';
import { KeyBindingsContext } from '../../design/keys/key-bindings.ts';
import { chordOf, isRebindable } from '../../design/keys/key-chord.ts';
import { keyRows } from '../../design/keys/key-table.ts';
import { Notice } from '../../design/notice.tsx';
import { countText } from '../../design/time-text.ts';
import styles from './key-editor.module.css';

interface KeyEditorProps {
  /** All changes there are from now on. Rejects when they cannot be kept. */
  readonly onChange: (changes: KeyChanges) => Promise<void>;
  readonly onClose: () => void;
  /** The action whose new key is waited for when it opens. */
  readonly firstAsked?: RebindableAction;
  readonly firstTrouble?: Trouble;
}

interface Trouble {
  readonly code: string;
  readonly text: string;
}

const rows = keyRows.flatMap(({ action, does, group }) =>
  isRebindable(action) ? [{ action, does, group }] : [],
);
const NOT_KEPT = {
  code: 'keys_not_kept',
  text: 'The change could not be written to this computer. Try again.',
};

/** The keys that work everywhere, each to be changed by pressing another. */
export function KeyEditor({ onChange, onClose, firstAsked, firstTrouble }: KeyEditorProps) {
  const { changes, refused, problemOf } = useContext(KeyBindingsContext);
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      rows.findIndex(({ action }) => action === firstAsked),
    ),
  );
  /** The key that is pressed next is meant for the chosen action. */
  const [asking, setAsking] = useState(firstAsked !== undefined);
  const [trouble, setTrouble] = useState<Trouble | null>(firstTrouble ?? null);
  useEffect(() => {
    dialog.current?.showModal();
    list.current?.focus();
  }, []);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const chosen = rows[at];
  const keep = (next: KeyChanges) => {
    setTrouble(null);
    onChange(next).catch(() => setTrouble(NOT_KEPT));
  };
  const without = (action: RebindableAction): KeyChanges =>
    Object.fromEntries(Object.entries(changes).filter(([changed]) => changed !== action));
  const reset = () => {
    if (chosen !== undefined) keep(without(chosen.action));
  };
  const ask = () => {
    setAsking(true);
    list.current?.focus();
  };
  const leave = () => {
    setAsking(false);
    setTrouble(null);
  };
  const take = useEffectEvent((event: KeyboardEvent) => {
    // Whatever is pressed now is an answer, and does nothing else: wherever the focus is after a click.
    event.preventDefault();
    event.stopImmediatePropagation();
    if (chosen === undefined || event.repeat) return;
    if (event.key === 'Escape' && !event.ctrlKey && !event.shiftKey && !event.altKey) return leave();
    const chord = chordOf(event);
    if (chord === null) return;
    const problem = problemOf(chosen.action, chord);
    setTrouble(problem);
    if (problem !== null) return;
    setAsking(false);
    keep({ ...without(chosen.action), [chosen.action]: chord });
  });
  useEffect(() => {
    if (!asking) return undefined;
    window.addEventListener('keydown', take, { capture: true });
    return () => window.removeEventListener('keydown', take, { capture: true });
  }, [asking]);
  const choose = (event: ReactKeyboardEvent) => {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (event.ctrlKey || event.altKey) return;
    if (step !== undefined) setAt(Math.min(rows.length - 1, Math.max(0, at + step)));
    else if (event.key === 'Enter') ask();
    else if (event.key === 'Delete' && event.shiftKey) keep({});
    else if (event.key === 'Delete') reset();
    else return;
    if (event.key !== 'Delete') setTrouble(null);
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      className={styles['editor']}
      aria-labelledby="change-keys"
      onClose={onClose}
      onCancel={(event) => {
        if (asking) event.preventDefault();
      }}
    >
      <h2 id="change-keys" className={styles['title']}>
        Change keys
      </h2>
      <p className={styles['about']}>
        These work everywhere, inside terminals too, in the windows of all clients on this computer. The keys
        of lists, sign-ins and warnings stay, and those that lock, copy, paste, take over or end something.
      </p>
      {refused.length > 0 && (
        <Notice
          tone="warn"
          title={`${countText(refused.length, 'key')} in keys.json cannot be used: the usual ones are in force.`}
        >
          Change a key here, and the file is written anew. <ErrorCode code="keys_refused" />
        </Notice>
      )}
      <ul
        ref={list}
        className={styles['list']}
        role="listbox"
        aria-label="Actions"
        tabIndex={0}
        aria-activedescendant={chosen === undefined ? undefined : `keys-of-${chosen.action}`}
        onKeyDown={choose}
        data-enter={
          asking
            ? 'is refused: the new key needs Ctrl+Shift'
            : `asks for a new key for “${chosen?.does ?? ''}”`
        }
      >
        {rows.map(({ action, does, group }, index) => (
          <li
            key={action}
            id={`keys-of-${action}`}
            role="option"
            aria-selected={index === at}
            className={styles['row']}
            onClick={() => {
              setAt(index);
              setAsking(false);
            }}
          >
            <span>{does}</span>
            <span className={styles['group']}>{group}</span>
            {asking && index === at ? (
              <span className={styles['asking']}>press its new key</span>
            ) : (
              <span className={styles['keys']} data-changed={Object.hasOwn(changes, action)}>
                {Object.hasOwn(changes, action) && <span className={styles['changed']}>changed</span>}
                <Key action={action} />
              </span>
            )}
          </li>
        ))}
      </ul>
      <div className={styles['said']} role="status">
        {trouble === null ? (
          asking && <p>Hold Ctrl+Shift and press the new key for “{chosen?.does}”.</p>
        ) : (
          <p className={styles['trouble']}>
            {trouble.text} <ErrorCode code={trouble.code} />
          </p>
        )}
      </div>
      <div className={styles['actions']}>
        <Button kind="quiet" onClick={asking ? leave : onClose} chord="Escape" tabIndex={-1}>
          {asking ? 'Leave it as it is' : 'Close'}
        </Button>
        <span className={styles['space']} />
        <Button kind="quiet" onClick={() => keep({})} disabled={asking} chord="Shift+Delete" tabIndex={-1}>
          Usual keys for all
        </Button>
        <Button kind="quiet" onClick={reset} disabled={asking} chord="Delete" tabIndex={-1}>
          Usual key
        </Button>
        <Button kind="primary" onClick={ask} disabled={asking} chord="Enter" tabIndex={-1}>
          Change
        </Button>
      </div>
    </dialog>
  );
}
