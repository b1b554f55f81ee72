import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { people } from '../harness/people.ts';
import { startSmallSystem } from '../harness/small-system.ts';
import type { SmallSystem, TestMachine } from '../harness/small-system.ts';
import { CallRefused } from '../harness/workspace-peer.ts';
import type { WorkspacePeer } from '../harness/workspace-peer.ts';
import { waitFor } from '../harness/wait-for.ts';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const numbers = (n: number) => Array.from({ length: n }, (_, i) => `${i + 1}\r\n`).join('');

// Row 7 of the story without a console: bytes from a real shell, through a real agent and a real relay.
describe('a session through agent and relay', () => {
  let system: SmallSystem;
  let machine: TestMachine;
  let workspace: WorkspacePeer;

  beforeAll(async () => {
    system = await startSmallSystem({ preferredPort: 48_810 });
    machine = await system.addMachine('PRIM-PRINT-01');
    workspace = await system.enter(people.technician);
  }, 60_000);
  afterAll(() => system?.dispose());

  const openTerminal = async () => {
    const terminal = await workspace.openTerminal(machine.machineId);
    await terminal.untilText('$ ');
    return terminal;
  };

  it('answers a probe, and a session tells its commands', async () => {
    const probed = await workspace.call('machine.probe', { machineId: machine.machineId });
    expect(probed).toMatchObject({ reachable: true });
    const terminal = await openTerminal();
    await terminal.run('cd /tmp');
    const failed = await terminal.run('(exit 3)');
    expect(failed).toMatchObject({ line: '(exit 3)', exitCode: 3, cwd: '/tmp', trusted: true });
    expect(terminal.commands.map(({ line, exitCode }) => [line, exitCode])).toEqual([
      ['cd /tmp', 0],
      ['(exit 3)', 3],
    ]);
    terminal.type('exit 4\r');
    await expect(terminal.untilEnded()).resolves.toMatchObject({ reason: 'exited', exitCode: 4 });
    expect(terminal.output().toString()).not.toContain('6973');
  });

  it('delivers 1.3 MB of output to the byte', async () => {
    const terminal = await openTerminal();
    const from = terminal.receivedBytes;
    await terminal.run('seq 1 200000');
    // The record of the command may be here before the last of its output, which waits for credit.
    await terminal.untilText('\r\n200000\r\n', from);
    const output = terminal.output(from).toString('latin1');
    const start = output.indexOf('\r1\r\n') + 1;
    expect(sha256(output.slice(start, start + numbers(200_000).length))).toBe(sha256(numbers(200_000)));
    await workspace.call('session.close', { sessionId: terminal.sessionId });
    const ended = await terminal.untilEnded();
    expect(ended).toMatchObject({ reason: 'closed', outputEndBytes: terminal.receivedBytes });
  });

  it('goes on to the byte when workerd is killed in the middle, and applies input once', async () => {
    const terminal = await openTerminal();
    const from = terminal.receivedBytes;
    terminal.type('seq 1 300000; read -r answer; echo "got:$answer"\r');
    await terminal.until('some output', () => terminal.receivedBytes > from + 300_000);
    await system.killRelay();
    terminal.type('once\r');
    await system.startRelayAgain();
    const end = await terminal.untilText('got:once\r\n', from, 30_000);
    const output = terminal
      .output(from)
      .subarray(0, end - from)
      .toString('latin1');
    const start = output.indexOf('\r1\r\n') + 1;
    // What was typed is echoed wherever the numbers were just then, and the end of its line a moment later.
    const printed = output.slice(start).replace('once', '').split('\r\n');
    const wanted = `${numbers(300_000)}got:once\r\n`.split('\r\n');
    expect(printed).toHaveLength(wanted.length + 1);
    expect(sha256(printed.join(''))).toBe(sha256(wanted.join('')));
    expect(terminal.connections).toBeGreaterThan(1);
    await terminal.until('the end of the command', () => terminal.commands[0]?.finishedAt !== null);
    expect(terminal.commands).toHaveLength(1);
    terminal.type('exit\r');
    await expect(terminal.untilEnded()).resolves.toMatchObject({ reason: 'exited', exitCode: 0 });
  });

  it('goes on to the byte over cuts of the console’s line', async () => {
    const terminal = await openTerminal();
    const from = terminal.receivedBytes;
    terminal.type('seq 1 200000; echo done\r');
    for (let cut = 1; cut <= 4; cut += 1) {
      await terminal.until('more output', () => terminal.receivedBytes > from + cut * 200_000);
      terminal.cut();
      await terminal.until('the relay again', () => terminal.connections > cut);
    }
    const end = await terminal.untilText('\r\ndone\r\n', from);
    const output = terminal
      .output(from)
      .subarray(0, end - from)
      .toString('latin1');
    expect(sha256(output.slice(output.indexOf('\r1\r\n') + 1))).toBe(sha256(`${numbers(200_000)}done\r\n`));
    await workspace.call('session.close', { sessionId: terminal.sessionId });
    await terminal.untilEnded();
  });

  it('ends a session whose agent was killed once the agent is back without it, and runs the next', async () => {
    const terminal = await openTerminal();
    await machine.kill();
    await terminal.until('the agent to be lost', () => terminal.agent === 'lost');
    const refused = await workspace
      .call('session.open', { machineId: machine.machineId, size: { cols: 80, rows: 24 } })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(CallRefused);
    expect(refused).toMatchObject({ code: 'machine_offline' });
    await machine.restart();
    await expect(terminal.untilEnded()).resolves.toMatchObject({ reason: 'agent_lost', exitCode: null });
    const next = await openTerminal();
    expect(await next.run('true')).toMatchObject({ exitCode: 0 });
    next.type('exit\r');
    await next.untilEnded();
  });

  it('leaves the agent with nothing once sessions have ended', async () => {
    const terminal = await openTerminal();
    terminal.type('sleep 1000 & exit\r');
    await terminal.untilEnded();
    await waitFor('the agent to forget it', () =>
      machine.events.some(
        ({ event, sessionId }) => event === 'session.forgotten' && sessionId === terminal.sessionId,
      ),
    );
  });
});
