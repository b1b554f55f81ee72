import { useLayoutEffect, useRef } from 'react';
import styles from './terminal-pane.module.css';
import type { TerminalView } from './terminal-view.ts';

/** A terminal's place on screen. Hidden it keeps its size, so that nothing reflows on a change of tabs. */
export function TerminalPane({
  view,
  active,
  onMounted,
}: {
  view: TerminalView;
  active: boolean;
  onMounted?: () => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const mounted = useRef(onMounted);
  useLayoutEffect(() => {
    if (place.current === null) return;
    view.mount(place.current);
    mounted.current?.();
  }, [view]);
  useLayoutEffect(() => {
    if (active) view.focus();
  }, [view, active]);
  return <div ref={place} className={styles['pane']} data-terminal="" data-testid="terminal" />;
}
