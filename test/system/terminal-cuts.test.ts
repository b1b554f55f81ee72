import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFlakyLine } from '../harness/flaky-line.ts';
import type { FlakyLine } from '../harness/flaky-line.ts';
import { people } from '../harness/people.ts';
import { startSmallSystem } from '../harness/small-system.ts';
import type { SmallSystem, TestMachine } from '../harness/small-system.ts';
import { waitFor } from '../harness/wait-for.ts';
import type { WorkspacePeer } from '../harness/workspace-peer.ts';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const numbers = (n: number) => Array.from({ length: n }, (_, i) => `${i + 1}\r\n`).join('');

// The machine's network: it breaks, and the session must not show it.
describe('a session over a line of the agent that breaks', () => {
  let system: SmallSystem;
  let line: FlakyLine;
  let machine: TestMachine;
  let workspace: WorkspacePeer;

  beforeAll(async () => {
    system = await startSmallSystem({ preferredPort: 48_830 });
    line = await startFlakyLine({ relayUrl: system.relayUrl });
    machine = await system.addMachine('PRIM-SPOOL-02', { lineUrl: line.url });
    workspace = await system.enter(people.technician);
  }, 60_000);
  afterAll(async () => {
    await system?.dispose();
    await line?.dispose();
  });

  /** Breaks the line while this session's socket is there, and waits until the agent has noticed. */
  const cutLine = async (sessionId: string) => {
    const count = (name: string) =>
      machine.events.filter((each) => each.event === name && each['sessionId'] === sessionId).length;
    await waitFor('a socket', () => count('session.connected') > count('session.disconnected'));
    const before = count('session.disconnected');
    line.cut();
    await waitFor('the cut to be noticed', () => count('session.disconnected') > before);
  };

  it('is told within 15 s to be away where its network took everything and told nobody, and goes on after', async () => {
    const terminal = await workspace.openTerminal(machine.machineId);
    await terminal.untilText('$ ');
    line.silence(true);
    const sinceMs = performance.now();
    await terminal.until('the absence', () => terminal.agent === 'lost');
    expect(performance.now() - sinceMs).toBeLessThan(16_000);
    terminal.type('echo "still h""ere"\r');
    line.silence(false);
    line.cut();
    await terminal.untilText('still here\r\n');
    await workspace.call('session.close', { sessionId: terminal.sessionId });
    await terminal.untilEnded();
  });

  it('loses and repeats no byte of the output', async () => {
    const terminal = await workspace.openTerminal(machine.machineId);
    const from = await terminal.untilText('$ ');
    terminal.type('seq 1 200000; echo done\r');
    for (let cut = 1; cut <= 8; cut += 1) {
      await terminal.until('more output', () => terminal.receivedBytes > from + cut * 120_000);
      await cutLine(terminal.sessionId);
    }
    const end = await terminal.untilText('\r\ndone\r\n', from, 30_000);
    const output = terminal
      .output(from)
      .subarray(0, end - from)
      .toString('latin1');
    expect(sha256(output.slice(output.indexOf('\r1\r\n') + 1))).toBe(sha256(`${numbers(200_000)}done\r\n`));
    terminal.type('exit\r');
    await expect(terminal.untilEnded()).resolves.toMatchObject({ reason: 'exited', exitCode: 0 });
  });

  it('loses and repeats no byte of the input', async () => {
    const terminal = await workspace.openTerminal(machine.machineId);
    await terminal.untilText('$ ');
    // Raw, so that every byte counts and none is edited or echoed. The quotes keep the words out of the echo.
    terminal.type("stty raw -echo; echo RE''ADY; head -c 40000 > typed; stty sane; echo HA''VE\r");
    const ready = await terminal.untilText('READY');
    const text = Array.from({ length: 4000 }, (_, i) => `${i}`.padStart(9, '.') + '\n').join('');
    for (let at = 0; at < text.length; at += 500) {
      terminal.type(text.slice(at, at + 500));
      if (at % 5000 === 2500) await cutLine(terminal.sessionId);
    }
    await terminal.untilText('HAVE', ready, 30_000);
    expect(sha256(await readFile(join(machine.home, 'typed')))).toBe(sha256(text));
    await workspace.call('session.close', { sessionId: terminal.sessionId });
    await terminal.untilEnded();
  });

  it('tells the console that the machine is gone, and that it is back, and keeps the shell', async () => {
    const terminal = await workspace.openTerminal(machine.machineId);
    await terminal.untilText('$ ');
    await terminal.run('here=$$');
    line.down(true);
    line.cut();
    await terminal.until('the agent to be lost', () => terminal.agent === 'lost');
    terminal.type('test "$here" = $$ && echo same shell\r');
    line.down(false);
    await terminal.untilText('\rsame shell\r\n', 0, 30_000);
    terminal.type('exit\r');
    await terminal.untilEnded();
  });
});
