import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import type { Timers } from '../../connection/socket.ts';
import { findInOutput } from './recording-text.ts';
import type { OutputHit } from './recording-text.ts';
import type { Timeline } from './recording-timeline.ts';

export interface OutputSearch {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly query: string;
  /** Null: not looked for, or not yet. */
  readonly hits: readonly OutputHit[] | null;
  readonly onQuery: (query: string) => void;
}

const QUIET_MS = 150;
/** One letter is everywhere. */
const LENGTH_MIN = 2;

/** Looks for what is typed in all that the recording printed. */
export function useOutputSearch(timeline: Timeline, timers: Pick<Timers, 'after'>): OutputSearch {
  const field = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<{ query: string; hits: readonly OutputHit[] } | null>(null);
  useEffect(() => {
    if (query.trim().length < LENGTH_MIN) return undefined;
    const outdated = new AbortController();
    const pause = () => new Promise<void>((resolve) => timers.after(0, resolve));
    const stopTimer = timers.after(QUIET_MS, () => {
      void findInOutput(timeline, query, outdated.signal, pause).then((hits) => {
        if (!outdated.signal.aborted) setFound({ query, hits });
      });
    });
    return () => {
      stopTimer();
      outdated.abort();
    };
  }, [timeline, query, timers]);
  return { field, query, hits: found?.query === query ? found.hits : null, onQuery: setQuery };
}
