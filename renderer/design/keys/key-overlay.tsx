import { useContext, useEffect, useRef } from 'react';
import { Key } from '../key.tsx';
import { KeyBindingsContext } from './key-bindings.ts';
import { keyRows } from './key-table.ts';
import styles from './key-overlay.module.css';

/** All keys, straight from the table. */
export function KeyOverlay({ onChange, onClose }: { onChange: () => void; onClose: () => void }) {
  const { chordsOf } = useContext(KeyBindingsContext);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const shown = keyRows.filter(({ scope }) => !['sign_in', 'launcher', 'add', 'paste'].includes(scope));
  const groups = [...new Set(shown.map(({ group }) => group))];
  return (
    <dialog
      ref={dialog}
      tabIndex={0}
      className={styles['overlay']}
      aria-labelledby="keys-title"
      onClose={onClose}
      data-enter="opens the list where keys are changed"
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        onChange();
      }}
    >
      <h2 id="keys-title" className={styles['title']}>
        Keys
      </h2>
      <div className={styles['groups']}>
        {groups.map((group) => (
          <section key={group} className={styles['group']} aria-label={group}>
            <h3 className={styles['heading']}>{group}</h3>
            <dl>
              {shown
                .filter((row) => row.group === group)
                .map(({ action, does }) => (
                  <div key={action} className={styles['row']}>
                    <dt>{does}</dt>
                    <dd className={styles['chords']}>
                      {chordsOf(action).map((chord) => (
                        <Key key={chord} chord={chord} />
                      ))}
                    </dd>
                  </div>
                ))}
              {group === 'Client' && (
                <div className={styles['row']}>
                  <dt>Window of an open client</dt>
                  <dd>
                    <Key chord="Alt+1…9" />
                  </dd>
                </div>
              )}
            </dl>
          </section>
        ))}
      </div>
      <p className={styles['foot']}>
        <Key chord="Escape" /> closes this
      </p>
    </dialog>
  );
}
