// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { UserId } from '#protocol/ids.ts';
import type { SessionPeople } from '../../connection/terminal-client.ts';
import { callError } from '../../connection/call-error.ts';
import { lineOf } from './session-line.tsx';
import type { SessionState } from './session.ts';

afterEach(cleanup);

const person = (name: string) => ({ userId: UserId.parse('user_0000000001'), name });
const live: SessionState = {
  sessionId: null,
  phase: { kind: 'live', terminal: { kind: 'open', agent: 'connected' } },
  skipped: null,
  run: null,
  people: null,
  hint: null,
};
const watching: SessionPeople = { mode: 'watch', typist: person('Marisol'), watchers: [person('Sam')] };

function line(state: Partial<SessionState>, mayType = true): string {
  render(<p role="status">{lineOf({ ...live, ...state }, mayType)}</p>);
  const { textContent } = screen.getByRole('status');
  cleanup();
  return textContent ?? '';
}

describe('the line below a terminal', () => {
  it('says who types and how to take over, but not to one who never types', () => {
    expect(line({ people: watching })).toMatch(/Marisol is typing — you are watching.*takes over/);
    expect(line({ people: watching }, false)).not.toContain('takes over');
  });

  it('says who is watching', () => {
    const typing: SessionPeople = { ...watching, mode: 'type' };
    expect(line({ people: typing })).toContain('You are typing — Sam is watching');
    expect(line({ people: { ...typing, watchers: [person('Sam'), person('Bo')] } })).toContain(
      'Sam and 1 more are watching',
    );
    expect(line({ people: { ...typing, watchers: [] } })).toBe('');
  });

  it('says what was skipped and loads it, and where a session went', () => {
    expect(line({ skipped: { bytes: 5_000_000, leftBytes: null } })).toMatch(
      /skipped while this console was away.*loads it/,
    );
    expect(line({ skipped: { bytes: 5_000_000, leftBytes: 1_000_000 } })).toMatch(/Loading.*to go/);
    const taken = callError('session_taken_over');
    expect(line({ phase: { kind: 'live', terminal: { kind: 'refused', error: taken } } })).toMatch(
      /in use in another window.*watches it/,
    );
  });
});
