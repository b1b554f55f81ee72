import { describe, expect, it } from 'vitest';
import { callError } from '../../connection/call-error.ts';
import type { TerminalState } from '../../connection/terminal-line.ts';
import { awayAfter } from './away.ts';

const cut = callError('unavailable');
const lost = (attempt: number): TerminalState => ({ kind: 'connecting', attempt, cause: cut });
const open = (agent: 'connected' | 'silent' | 'lost'): TerminalState => ({ kind: 'open', agent });

describe('awayAfter', () => {
  it('begins with the cut, keeps its time through every try and every cause, and ends with the machine', () => {
    let away = awayAfter(lost(0), null, 1000, 2);
    expect(away).toEqual({ sinceMs: 1000, characters: 2 });
    away = awayAfter({ kind: 'connecting', attempt: 0, cause: null }, away, 2000, 3);
    away = awayAfter(lost(4), away, 9000, 5);
    away = awayAfter(open('lost'), away, 12_000, 7);
    away = awayAfter(open('silent'), away, 15_000, 7);
    expect(away).toEqual({ sinceMs: 1000, characters: 7 });
    expect(awayAfter(open('connected'), away, 16_000, 7)).toBeNull();
    expect(awayAfter({ kind: 'refused', error: cut }, away, 16_000, 7)).toBeNull();
  });

  it('is no matter of the way in', () => {
    expect(awayAfter({ kind: 'connecting', attempt: 0, cause: null }, null, 1000, 4)).toBeNull();
    expect(awayAfter(open('connected'), null, 1000, 4)).toBeNull();
  });
});
