import { useEffect, useState } from 'react';
import type { Timers } from '../../connection/socket.ts';

const SHOWN_MS = 6_000;

/** Main held the first Enter after a while elsewhere: true until the next key, or for a few seconds. */
export function useEnterHeld(timers: Timers): boolean {
  const [held, setHeld] = useState(false);
  useEffect(() => window.caisey.on('workspace.enterHeld', () => setHeld(true)), []);
  useEffect(() => {
    if (!held) return undefined;
    const end = () => setHeld(false);
    const stop = timers.after(SHOWN_MS, end);
    window.addEventListener('keydown', end, true);
    return () => {
      stop();
      window.removeEventListener('keydown', end, true);
    };
  }, [held, timers]);
  return held;
}
