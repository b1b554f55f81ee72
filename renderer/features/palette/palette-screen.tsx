import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { ClientName } from '../../design/client-name.tsx';
import { frameStyle } from '../../design/frame-colours.ts';
import { FrameMark } from '../../design/frame-mark.tsx';
import { Key } from '../../design/key.tsx';
import { matchingItems } from './palette-items.ts';
import type { PaletteItem } from './palette-items.ts';
import styles from './palette-screen.module.css';

interface PaletteScreenProps {
  readonly items: readonly PaletteItem[];
  readonly frame: WorkspaceFrame;
  /** With what was chosen, once the palette has closed; null: nothing. */
  readonly onClose: (chosen: PaletteItem | null) => void;
}

export function PaletteScreen({ items, frame, onClose }: PaletteScreenProps) {
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const chosen = useRef<PaletteItem | null>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const rows = matchingItems(items, query);
  const current = Math.min(at, Math.max(0, rows.length - 1));
  useEffect(() => {
    list.current?.children[current]?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const choose = (item: PaletteItem | undefined) => {
    if (item === undefined) return;
    chosen.current = item;
    // Its close event comes when the focus is back where it was.
    dialog.current?.close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) setAt(Math.min(rows.length - 1, Math.max(0, current + step)));
    else if (event.key === 'Enter') choose(rows[current]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      className={styles['palette']}
      style={frameStyle(frame.colour)}
      aria-label="Actions"
      onClose={() => onClose(chosen.current)}
    >
      <header className={styles['head']}>
        <FrameMark frame={frame} />
        <span className={styles['where']}>
          In <ClientName frame={frame} />
        </span>
      </header>
      <input
        className={styles['query']}
        type="text"
        role="combobox"
        aria-label="Action"
        aria-expanded="true"
        aria-controls="actions"
        aria-activedescendant={rows[current] === undefined ? undefined : `action-${rows[current].id}`}
        placeholder="What do you want to do?"
        autoFocus
        spellCheck={false}
        value={query}
        onChange={({ target }) => {
          setQuery(target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        data-enter={
          rows[current] === undefined
            ? 'does nothing: no action is chosen'
            : `does “${rows[current].title}” in ${frame.name}`
        }
      />
      {rows.length === 0 ? (
        <p className={styles['empty']} role="status">
          Nothing by that name can be done here now.
        </p>
      ) : (
        <ul ref={list} id="actions" className={styles['list']} role="listbox" aria-label="Actions">
          {rows.map((item, index) => (
            // The field above keeps the focus and has the keys; a pointer may choose as well.
            <li
              key={item.id}
              id={`action-${item.id}`}
              role="option"
              aria-selected={index === current}
              className={styles['row']}
              onClick={() => choose(item)}
            >
              <span className={styles['title']}>{item.title}</span>
              <span className={styles['group']}>{item.group}</span>
              <span className={styles['chord']}>{item.chord !== null && <Key chord={item.chord} />}</span>
            </li>
          ))}
        </ul>
      )}
    </dialog>
  );
}
