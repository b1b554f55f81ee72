import { describe, expect, it } from 'vitest';
import type { TerminalToConsole } from '#protocol/control/terminal-to-console.ts';
import { CommandId, MachineId, SessionId, UserId } from '#protocol/ids.ts';
import type { CallOutcome } from '../../connection/relay-client.ts';
import type { SocketHandlers } from '../../connection/socket.ts';
import { TestClock, settled } from '../../testing/test-clock.ts';
import { readTerminal } from '../../terminal/late-terminal.ts';
import { answerToEnding } from './running-command.ts';
import { createSessions } from './sessions-store.ts';

const sessionId = SessionId.parse('ses_00000000000000000000000001');
const terminal = await readTerminal();
const me = { userId: UserId.parse('user_0000000001'), name: 'Sam' };

/** A session that this console types in, with the relay's end of its line. */
async function typedIn() {
  const handlers: SocketHandlers[] = [];
  const asked: string[] = [];
  const sessions = createSessions(
    {
      call: (verb) => {
        asked.push(verb);
        return Promise.resolve({ ok: true, result: {} } as CallOutcome<typeof verb>);
      },
      connection: {
        relayUrl: 'http://relay.test',
        open: (_url, made) => {
          handlers.push(made);
          return { send: () => undefined, close: () => undefined };
        },
        timers: new TestClock(),
        getToken: () => Promise.resolve({ ok: true }),
      },
      isReserved: () => false,
      readTerminal: async () => terminal,
    },
    { call: () => new Promise<never>(() => undefined), on: () => () => undefined },
  );
  sessions.open(
    { machineId: MachineId.parse('mac_00000000000000000000000001'), name: 'WEST-01' },
    { known: { sessionId, mode: 'type', from: me.userId } },
  );
  const [session] = sessions.store.getState().sessions;
  if (session === undefined) throw new Error('it was opened');
  await settled();
  await session.start();
  await settled();
  handlers[0]?.opened();
  const tell = (message: TerminalToConsole) => handlers[0]?.text(JSON.stringify(message));
  tell({ type: 'ready', outputOffsetBytes: 0, inputOffsetBytes: 0, agent: 'connected' });
  tell({ type: 'people', mode: 'type', typist: me, away: false, watchers: [] });
  const command = (id: number, line: string, startedAt: number, finishedAt: number | null) =>
    tell({
      type: 'command',
      command: {
        commandId: CommandId.parse(`cmd_0000000000000000000000000${id}`),
        line,
        cwd: '/',
        startedAt,
        finishedAt,
        durationMs: null,
        exitCode: finishedAt === null ? null : 0,
        source: 'integration',
        trusted: true,
        outputOffsetBytes: 0,
        outputEndBytes: null,
      },
    });
  const ended = () => asked.filter((verb) => verb === 'session.close').length;
  return { sessions, session, command, ended, ending: () => session.store.getState().ending };
}

describe('ending a session', () => {
  it('takes once where nothing runs, and twice where a command does', async () => {
    const idle = await typedIn();
    idle.command(1, 'ls', 1, 2);
    expect(idle.sessions.close(idle.session.key)).toBe(true);
    expect(idle.ended()).toBe(1);

    const busy = await typedIn();
    busy.command(1, 'ls', 1, 2);
    busy.command(2, 'tar czf all.tgz /srv', 3, null);
    expect(busy.sessions.close(busy.session.key)).toBe(false);
    expect([busy.ending(), busy.ended()]).toEqual(['tar czf all.tgz /srv', 0]);
    expect(busy.sessions.close(busy.session.key)).toBe(true);
    expect(busy.ended()).toBe(1);
  });

  it('asks no more once the command is over', async () => {
    const { sessions, session, command, ended, ending } = await typedIn();
    command(1, 'tar czf all.tgz /srv', 3, null);
    sessions.close(session.key);
    command(1, 'tar czf all.tgz /srv', 3, 4);
    expect([ending(), ended()]).toEqual([null, 0]);
    expect(sessions.close(session.key)).toBe(true);
  });

  it('is given up by any key that is typed; Esc alone goes no further', () => {
    const answer = (text: string) => answerToEnding(new TextEncoder().encode(text));
    expect(answer('\u001B')).toEqual({ keeps: true, typed: false });
    expect(answer('q')).toEqual({ keeps: true, typed: true });
    expect(answer('\r')).toEqual({ keeps: true, typed: true });
    // A report of the terminal, the mouse: nobody has answered.
    expect(answer('\u001B[I')).toEqual({ keeps: false, typed: true });
  });
});
