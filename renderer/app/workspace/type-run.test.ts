import { expect, it } from 'vitest';
import { MachineId, SessionId } from '#protocol/ids.ts';
import { createSessions } from '../../features/sessions/index.ts';
import { withNextTab } from '../../features/sessions/index.ts';
import { typeRun } from './type-run.ts';

const machineId = MachineId.parse('mac_00000000000000000000000001');
const first = SessionId.parse('ses_00000000000000000000000001');
const second = SessionId.parse('ses_00000000000000000000000002');
const run = { sessionId: first, title: 'Restart', steps: ['systemctl restart cups'] };

/** Two tabs; the second has the keyboard. */
function twoSessions() {
  const never = () => new Promise<never>(() => undefined);
  const nothing = () => undefined;
  const connection = {
    relayUrl: '',
    open: () => ({ send: nothing, close: nothing }),
    timers: { now: Date.now, after: () => nothing, random: () => 0 },
    getToken: never,
  };
  const sessions = createSessions(
    { call: never, connection, isReserved: () => false, readTerminal: never },
    { call: never, on: () => nothing },
  );
  for (const sessionId of [first, second])
    sessions.open({ machineId, name: 'WEST-01' }, { known: { sessionId, mode: 'watch' } });
  const runs = () => sessions.store.getState().sessions.map(({ store }) => store.getState().run?.title);
  return { sessions, runs };
}

it('a run goes to the session it was recorded for while that one has the keyboard', () => {
  const { sessions, runs } = twoSessions();
  sessions.arrange((tabs) => withNextTab(tabs, -1));
  expect(typeRun(sessions, true, run)).toBeNull();
  expect(runs()).toEqual(['Restart', undefined]);
});

it('types nothing anywhere once another session or place is shown, or the session is closed, and says so', () => {
  const { sessions, runs } = twoSessions();
  const refused = { code: 'runbook_session_not_shown', text: expect.stringContaining('Nothing was typed') };
  expect(typeRun(sessions, true, run)).toMatchObject(refused);
  for (const { store } of sessions.store.getState().sessions)
    expect(store.getState().hint).toContain('Nothing was typed');
  sessions.arrange((tabs) => withNextTab(tabs, -1));
  expect(typeRun(sessions, false, run)).toMatchObject(refused);
  const [meant] = sessions.store.getState().sessions;
  sessions.close(meant?.key ?? '');
  expect(typeRun(sessions, true, run)).toMatchObject(refused);
  expect(runs()).toEqual([undefined]);
});
