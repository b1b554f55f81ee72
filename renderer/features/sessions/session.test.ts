import { expect, it } from 'vitest';
import { MachineId } from '#protocol/ids.ts';
import { callError } from '../../connection/call-error.ts';
import { TestClock, settled } from '../../testing/test-clock.ts';
import { readTerminal } from '../../terminal/late-terminal.ts';
import type { LateTerminal } from '../../terminal/late-terminal.ts';
import { createSessions } from './sessions-store.ts';

const terminal = await readTerminal();
const WEST = { machineId: MachineId.parse('mac_00000000000000000000000001'), name: 'WEST-01' };

/** @param reads what the console's files hold, each time that the terminal is asked for; null: not yet */
function sessionsWith(reads: readonly (LateTerminal | null)[]) {
  const asked: string[] = [];
  const left = [...reads];
  const never = () => new Promise<never>(() => undefined);
  const sessions = createSessions(
    {
      call: (verb) => {
        asked.push(verb);
        return never();
      },
      connection: {
        relayUrl: 'http://relay.test',
        open: () => ({ send: () => undefined, close: () => undefined }),
        timers: new TestClock(),
        getToken: never,
      },
      isReserved: () => false,
      readTerminal: async () => left.shift() ?? never(),
    },
    { call: never, on: () => () => undefined },
  );
  const open = () => {
    sessions.open(WEST);
    const session = sessions.activeSession();
    if (session === null) throw new Error('it was opened');
    return session;
  };
  return { sessions, open, asked };
}

it('stands in its tab while the terminal is read in, and asks the relay for nothing', async () => {
  const { sessions, open, asked } = sessionsWith([null]);
  const session = open();
  await session.start();
  sessions.changeFontSize(1);
  sessions.copy();
  expect(session.store.getState()).toMatchObject({ phase: { kind: 'opening' }, view: null });
  expect(sessions.close(session.key)).toBe(true);
  expect(asked).toEqual([]);
});

it('says that the terminal cannot be read, and can only be closed', async () => {
  const error = callError('terminal_unreadable');
  const { sessions, open, asked } = sessionsWith([{ ok: false, error }]);
  const session = open();
  await settled();
  expect(session.store.getState().phase).toEqual({ kind: 'failed', error });
  await session.retry();
  expect(session.store.getState().phase).toEqual({ kind: 'failed', error });
  expect(sessions.close(session.key)).toBe(true);
  expect(asked).toEqual([]);
});

it('asks the relay once its terminal is there, and stands on screen', async () => {
  const { open, asked } = sessionsWith([terminal]);
  const session = open();
  await settled();
  expect(session.view).not.toBeNull();
  void session.start();
  expect(asked).toEqual(['session.open']);
});

it('makes no terminal once its tab is closed', async () => {
  const { sessions, open } = sessionsWith([terminal]);
  const session = open();
  sessions.close(session.key);
  await settled();
  expect(session.view).toBeNull();
});
