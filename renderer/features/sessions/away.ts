// Since when a session's machine cannot be reached from here, and how much of what was typed waits for it.
import type { TerminalState } from '../../connection/terminal-line.ts';

export interface Away {
  readonly sinceMs: number;
  /** Typed, and not known to have arrived. */
  readonly characters: number;
}

/** @param before as it was until now @param waiting characters, as the connection counts them now */
export function awayAfter(
  terminal: TerminalState,
  before: Away | null,
  nowMs: number,
  waiting: number,
): Away | null {
  switch (terminal.kind) {
    case 'connecting':
      // The way in, or a look whether the line is good: nothing is lost so far.
      if (before === null && terminal.attempt === 0 && terminal.cause === null) return null;
      break;
    case 'open':
      if (terminal.agent === 'connected') return null;
      break;
    case 'ended':
    case 'refused':
      return null;
  }
  return { sinceMs: before?.sinceMs ?? nowMs, characters: waiting };
}
