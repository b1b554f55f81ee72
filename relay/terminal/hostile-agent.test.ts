import { describe, expect, it, vi } from 'vitest';
import { encodeFrame, FrameKind } from '#protocol/frame/frame.ts';
import { bytes, openSession, output, size } from '../testing/open-session.ts';
import { auditOf, query, workspaceStub } from '../testing/reach.ts';

// What a machine may say that was taken over: it harms its own session at the most.
async function runningSession() {
  const session = await openSession();
  const screen = await session.attach(0);
  const machine = await session.plug(session.ticket);
  await machine.message('welcome');
  const say = (factSeq: number, fact: object) => machine.say({ type: 'fact', factSeq, at: 0, fact });
  say(1, { fact: 'started', pid: 1, shell: 'bash', user: 'root' });
  return { ...session, screen, machine, say };
}

const command = (n: number, line: string) => ({
  fact: 'command.started',
  commandId: `cmd_${String(n).padStart(26, '0')}`,
  line,
  cwd: '/',
  trusted: true,
  outputOffsetBytes: 0,
});

describe('a hostile machine', () => {
  it('adds nothing to a session that has ended, neither output nor commands', async () => {
    const { org, console, sessionId, screen, machine, say } = await runningSession();
    machine.sendFrame(output(0, 'bye\n'));
    say(2, { fact: 'exited', exitCode: 0, signal: null, outputEndBytes: 4 });
    // Its connection is still open: the relay has not answered.
    machine.sendFrame(output(4, 'what was never shown'));
    say(3, command(1, 'never typed'));
    await screen.message('ended');
    await machine.until('to be let go', () => machine.closedBy === 'session_ended');
    await vi.waitFor(async () =>
      expect((await auditOf(org)).at(-1)).toMatchObject({ event: 'session.ended' }),
    );
    expect(await console.call('recording.read', { sessionId, cursor: null })).toMatchObject({
      ok: true,
      result: { events: [{ kind: 'resize' }, { kind: 'output', data: btoa('bye\n') }] },
    });
    expect(await query(workspaceStub(org), 'SELECT * FROM commands')).toEqual([]);
  });

  it('confirms no input that it was never sent', async () => {
    const { org, console, screen, machine, sessionId } = await runningSession();
    screen.sendFrame(encodeFrame(FrameKind.input, 0, bytes('ls\r')));
    await machine.until('the input', () => machine.lastOffset(FrameKind.input) === 0);
    machine.sendFrame(encodeFrame(FrameKind.inputAck, 3));
    await screen.until('the ack', () => screen.lastOffset(FrameKind.inputAck) === 3);
    machine.sendFrame(encodeFrame(FrameKind.inputAck, Number.MAX_SAFE_INTEGER));
    await machine.until('the close', () => machine.closedBy === 'frame_invalid');
    await console.result('session.close', { sessionId });
    await vi.waitFor(async () =>
      expect((await auditOf(org)).at(-1)).toMatchObject({ event: 'session.ended', bytes_in: 3 }),
    );
  });

  it('shows no screen that nobody asked for', async () => {
    const { screen, machine } = await runningSession();
    machine.sendFrame(output(0, 'hello'));
    await screen.until('output', () => screen.output() === 'hello');
    machine.say({ type: 'screen', picture: { offsetBytes: 5, size, data: btoa('not so') } });
    await machine.until('the close', () => machine.closedBy === 'message_invalid');
  });

  it('asks only so often whether the relay is there', async () => {
    const { machine } = await runningSession();
    for (let n = 0; n < 100; n += 1) machine.beat();
    await machine.until('the close', () => machine.closedBy === 'rate_limited');
    expect(machine.beatsAnswered).toBeLessThan(70);
  });

  it('tells no more commands than a person can have typed; what it told is told on', async () => {
    const { org, machine, say } = await runningSession();
    let told = 1;
    for (; told < 20_000 && machine.closedBy === null; told += 1) {
      say(told + 1, command(told, 'true'));
      if (told % 100 === 0) await new Promise((resolve) => void setTimeout(resolve));
    }
    await machine.until('the close', () => machine.closedBy === 'rate_limited');
    const acked = Number(machine.messages.findLast(({ type }) => type === 'fact.ack')?.['factSeq']);
    expect(acked).toBeLessThan(8000);
    await vi.waitFor(
      async () =>
        expect(await query(workspaceStub(org), 'SELECT COUNT(*) AS n FROM commands')).toEqual([
          { n: acked - 1 },
        ]),
      20_000,
    );
  }, 40_000);
});

it('repeats only so many commands to a console that comes', async () => {
  const { attach, screen, say } = await runningSession();
  for (let n = 1; n <= 200; n += 1) say(n + 1, command(n, 'x'.repeat(30_000)));
  await screen.until(
    'all commands',
    () => screen.messages.filter(({ type }) => type === 'command').length === 200,
  );
  const back = await attach(0);
  await back.message('command');
  await back.until('the newest', () => JSON.stringify(back.messages).includes('00200"'));
  expect(JSON.stringify(back.messages).length).toBeLessThan(1024 * 1024);
});
