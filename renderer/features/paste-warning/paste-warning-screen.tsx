import { useEffect, useRef } from 'react';
import type { PasteWarning } from '#contract/window-state.ts';
import { Button } from '../../design/button.tsx';
import { ClientName } from '../../design/client-name.tsx';
import { frameStyle } from '../../design/frame-colours.ts';
import { EnterLine } from '../../design/enter/enter-line.tsx';
import { FrameMark } from '../../design/frame-mark.tsx';
import { useKeys } from '../../design/keys/use-keys.ts';
import { bytesText, countText } from '../../design/time-text.ts';
import { VisibleText } from '../../design/visible-text.tsx';
import styles from './paste-warning-screen.module.css';

/** Lines drawn; what lies beyond is counted. The whole text is released or none of it. */
const LINES_SHOWN = 400;

export function PasteWarningScreen({
  warning,
  onDecide,
}: {
  warning: PasteWarning;
  onDecide: (release: boolean) => void;
}) {
  const { reason, source, target, machine, text, original, lines, bytes, controlChars } = warning;
  useKeys({ pasteRelease: () => onDecide(true), pasteDiscard: () => onDecide(false) });
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    // Arrows and page keys scroll at once, and an Enter struck out of habit does nothing.
    list.current?.focus();
  }, []);
  // A newline at the end opens no further line; it runs the last one.
  const runsAtOnce = text.endsWith('\n');
  const kept = linesOf(text);
  const shown = linesOf(original).map((line, index) => ({
    line,
    kept: kept[index] ?? '',
    number: index + 1,
  }));
  return (
    <main className={styles['whole']}>
      <div
        className={styles['page']}
        style={frameStyle(target.colour)}
        role="alertdialog"
        aria-labelledby="paste-title"
      >
        <h1 id="paste-title" className={styles['title']}>
          {reason === 'other_workspace'
            ? 'This text was copied in another client'
            : 'Look at this text before it is pasted'}
        </h1>
        <div className={styles['route']}>
          <div className={styles['end']}>
            <span className={styles['label']}>Copied in</span>
            {source === null ? (
              <span className={styles['outside']}>Another application</span>
            ) : (
              <>
                <FrameMark frame={source} />
                <span className={styles['name']}>
                  <ClientName frame={source} />
                </span>
              </>
            )}
          </div>
          <span className={styles['arrow']} aria-hidden="true">
            →
          </span>
          <div className={styles['end']} data-target="true">
            <span className={styles['label']}>Would be typed into</span>
            <FrameMark frame={target} />
            <span className={styles['name']}>
              <ClientName frame={target} />
            </span>
            {machine !== null && (
              <p className={styles['machine']}>
                on <b>{machine}</b>
              </p>
            )}
          </div>
        </div>
        <p className={styles['facts']}>
          {countText(lines, 'line')} · {bytesText(bytes)}
          {runsAtOnce && (
            <span className={styles['caution']}>
              {' · '}
              {lines === 1 ? 'ends with Enter' : 'every line ends with Enter'}
            </span>
          )}
          {controlChars > 0 && (
            <span className={styles['caution']}>
              {' · '}
              {countText(controlChars, 'control character')} removed, struck out below
            </span>
          )}
        </p>
        <ol
          ref={list}
          className={styles['text']}
          aria-label="Text"
          tabIndex={0}
          data-enter={`does nothing by itself: it pastes nothing into ${target.name}`}
        >
          {shown.slice(0, LINES_SHOWN).map(({ line, kept: left, number }) => (
            <li key={number} className={styles['line']}>
              <span className={styles['number']}>{number}</span>
              <VisibleText text={line} kept={left} />
            </li>
          ))}
          {shown.length > LINES_SHOWN && (
            <li className={styles['more']}>{countText(shown.length - LINES_SHOWN, 'more line')}</li>
          )}
        </ol>
        <footer className={styles['actions']}>
          <Button onClick={() => onDecide(true)} chord="Control+Shift+Enter">
            Paste into {target.code}
          </Button>
          <Button kind="primary" onClick={() => onDecide(false)} chord="Escape">
            Discard
          </Button>
        </footer>
        <EnterLine />
      </div>
    </main>
  );
}

function linesOf(text: string): readonly string[] {
  return text.replace(/\n$/, '').split('\n');
}
