import { useState } from 'react';
import { useWhileSeen } from './use-while-seen.ts';

/** The time, again every `everyMs` while mounted and seen: for ages and countdowns on screen only. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useWhileSeen(everyMs, () => setNow(Date.now()));
  return now;
}
