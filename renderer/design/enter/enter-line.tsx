import { useContext, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { Key } from '../key.tsx';
import { EnterKeysContext } from './enter-keys.ts';
import styles from './enter-line.module.css';
import { enterText, NOTHING } from './enter-text.ts';

/** Whatever can change where Enter goes. What a terminal draws is none of it. */
const EVENTS = ['focusin', 'focusout', 'input', 'keyup', 'click'] as const;

/**
 * The foot of every window, always in the same place: what Enter does now, in words that name what it does it to.
 * Dialogs leave it uncovered.
 */
export function EnterLine({
  framed = true,
  children,
}: {
  /** The lower edge of a client's frame, as its header is the upper one. */
  framed?: boolean;
  /** What there is to say before it. */
  children?: ReactNode;
}) {
  const keys = useContext(EnterKeysContext);
  const [does, setDoes] = useState(NOTHING);
  useEffect(() => {
    // At once: it is drawn in the frame of what changed it.
    const read = () =>
      flushSync(() => setDoes(enterText(document.activeElement, [...(keys?.getState().values() ?? [])])));
    // After the event: what it changes, and where the focus then is. Not with the next frame: one that a key in a
    // terminal asked for by the way would let its glyph wait for the one after.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(read);
    };
    const changes = new MutationObserver(read);
    changes.observe(document.body, {
      subtree: true,
      attributeFilter: ['data-enter', 'data-waits', 'disabled'],
    });
    const unsubscribe = keys?.subscribe(soon);
    for (const event of EVENTS) document.addEventListener(event, soon, true);
    soon();
    return () => {
      clearTimeout(timer);
      changes.disconnect();
      unsubscribe?.();
      for (const event of EVENTS) document.removeEventListener(event, soon, true);
    };
  }, [keys]);
  return (
    <footer
      className={styles['line']}
      data-framed={framed}
      data-theme={framed ? 'dark' : undefined}
      aria-label="What Enter does"
    >
      {children}
      <p className={styles['does']} data-nothing={does.startsWith('does nothing')} data-testid="enter-does">
        <Key chord="Enter" /> <span className={styles['text']}>{does}</span>
      </p>
    </footer>
  );
}
