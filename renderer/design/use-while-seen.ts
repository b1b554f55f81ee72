import { useEffect, useRef } from 'react';

/**
 * Runs again every `everyMs` while the page is on screen, and at once when it comes back to it: for what is only to be
 * looked at. A page that is covered keeps its timers (docs/decisions/0051), and nobody looks at it. Null: not at all.
 */
export function useWhileSeen(everyMs: number | null, run: () => void): void {
  const newest = useRef(run);
  useEffect(() => {
    newest.current = run;
  });
  useEffect(() => {
    if (everyMs === null) return undefined;
    let timer: ReturnType<typeof setInterval> | undefined;
    const begin = () => {
      clearInterval(timer);
      timer = document.hidden ? undefined : setInterval(() => newest.current(), everyMs);
    };
    const changed = () => {
      begin();
      if (!document.hidden) newest.current();
    };
    begin();
    document.addEventListener('visibilitychange', changed);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', changed);
    };
  }, [everyMs]);
}
