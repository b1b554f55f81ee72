// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { UserId } from '#protocol/ids.ts';
import type { SessionPeople } from '../../connection/terminal-client.ts';
import { callError } from '../../connection/call-error.ts';
import { lineOf } from './session-line.tsx';
import type { SessionState } from './session-state.ts';

afterEach(cleanup);

const person = (name: string) => ({ userId: UserId.parse('user_0000000001'), name });
const live: SessionState = {
  sessionId: null,
  phase: { kind: 'live', terminal: { kind: 'open', agent: 'connected' } },
  view: null,
  skipped: null,
  run: null,
  people: null,
  away: null,
  lostCharacters: 0,
  rang: false,
  ending: null,
  hint: null,
};
const watching: SessionPeople = {
  mode: 'watch',
  typist: person('Marisol'),
  away: false,
  watchers: [person('Sam')],
};

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
    expect(line({ people: watching, skipped: { bytes: 5_000_000, leftBytes: null } })).toMatch(
      /Marisol is typing — you are watching.*skipped while this console was away/,
    );
    expect(line({ people: { ...watching, away: true } })).toMatch(
      /Marisol has the keyboard and is away — you are watching.*takes over/,
    );
    expect(line({ people: watching, lostCharacters: 3 })).toContain(
      '3 characters that you typed may not have reached it',
    );
  });

  it('says since when the machine cannot be reached, and how much of what was typed waits', () => {
    const cut = { kind: 'connecting', attempt: 2, cause: callError('unavailable') } as const;
    const away = { sinceMs: Date.now() - 12_000, characters: 17 };
    expect(line({ phase: { kind: 'live', terminal: cut }, away })).toContain(
      'Connection lost (12 s). 17 characters that you typed are kept and sent once',
    );
    expect(line({ phase: { kind: 'live', terminal: cut }, away: { ...away, characters: 0 } })).toContain(
      'What you type is kept and sent once',
    );
    const open = (agent: 'lost' | 'silent') =>
      line({ phase: { kind: 'live', terminal: { kind: 'open', agent } }, away });
    expect(open('lost')).toContain('The machine is away (12 s)');
    expect(open('silent')).toContain('The machine does not answer (12 s)');
    const lost = { kind: 'live', terminal: { kind: 'open', agent: 'lost' } } as const;
    expect(line({ phase: lost, away, people: watching })).toMatch(
      /is away \(12 s\)\. You are watching Marisol\.$/,
    );
  });

  it('asks before a running command ends with its session, and says which', () => {
    expect(line({ ending: 'tar czf /backup/all.tgz /srv' })).toMatch(
      /^ ?tar czf \/backup\/all\.tgz \/srv ?still runs here: .* ends it too, .* keeps it/,
    );
    expect(line({ ending: `echo ${'x'.repeat(90)}\nrm -rf /` })).toMatch(/^ ?echo x{43}… ?still runs/);
    const ended = { kind: 'ended', reason: 'exited', exitCode: 0 } as const;
    expect(line({ ending: 'tar', phase: { kind: 'live', terminal: ended } })).toContain('Session ended');
  });

  it('says what did not arrive when a session ends while it cannot be reached', () => {
    const ended = { kind: 'ended', reason: 'agent_lost', exitCode: null } as const;
    expect(line({ phase: { kind: 'live', terminal: ended }, lostCharacters: 1 })).toContain(
      'the machine stayed away · 1 character that you typed may not have reached it',
    );
    const killed = { kind: 'ended', reason: 'exited', exitCode: null } as const;
    expect(line({ phase: { kind: 'live', terminal: killed } })).toContain(
      'Session ended: its shell was killed',
    );
  });

  it('says that a recording is full, and to one who may how to go on', () => {
    const full = { kind: 'ended', reason: 'recording_full', exitCode: null } as const;
    expect(line({ phase: { kind: 'live', terminal: full } })).toMatch(
      /Session ended: its recording is full · .* opens another · .* closes it$/,
    );
    expect(line({ phase: { kind: 'live', terminal: full } }, false)).toMatch(/is full · \S+ closes it$/);
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
