// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { MachineId, SessionId, UserId } from '#protocol/ids.ts';
import type { RunningSession } from '#protocol/records.ts';
import { CardSessions } from './card-sessions.tsx';

afterEach(cleanup);

const person = (name: string) => ({ userId: UserId.parse(`user_000000000${name.length}`), name });
const session = (name: string, changes: Partial<RunningSession> = {}): RunningSession => ({
  sessionId: SessionId.parse(`ses_0000000000000000000000000${name.length}`),
  machineId: MachineId.parse('mac_00000000000000000000000001'),
  machineName: 'WEST-FS-01',
  technician: person(name),
  startedAt: 0,
  endedAt: null,
  typist: person(name),
  away: false,
  here: false,
  ...changes,
});

function show(running: readonly RunningSession[], mayType: boolean) {
  const joined: unknown[] = [];
  render(
    <CardSessions
      running={running}
      now={60_000}
      active
      mayType={mayType}
      onJoin={({ typist }, take) => joined.push([typist.name, take])}
      onRead={() => undefined}
    />,
  );
  return joined;
}

describe('sessions on a machine card', () => {
  it('say who types, and are watched or taken over by a key or a button', () => {
    const joined = show(
      [session('Own', { here: true }), session('Marisol'), session('Bo', { away: true })],
      true,
    );
    const rows = screen.getAllByRole('listitem').map(({ textContent }) => textContent);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toContain('Marisol is typing');
    expect(rows[1]).toContain('Bo had the keyboard and is away');
    fireEvent.keyDown(window, { key: 'w', code: 'KeyW' });
    fireEvent.keyDown(window, { key: 'T', code: 'KeyT', shiftKey: true });
    fireEvent.click(screen.getAllByRole('button', { name: /Watch/ })[1] ?? document.body);
    expect(joined).toEqual([
      ['Marisol', false],
      ['Marisol', true],
      ['Bo', false],
    ]);
  });

  it('are watched, and not taken over, by a reviewer', () => {
    const joined = show([session('Marisol')], false);
    expect(screen.queryByRole('button', { name: /Take over/ })).toBeNull();
    fireEvent.keyDown(window, { key: 'T', code: 'KeyT', shiftKey: true });
    fireEvent.keyDown(window, { key: 'w', code: 'KeyW' });
    expect(joined).toEqual([['Marisol', false]]);
  });
});
