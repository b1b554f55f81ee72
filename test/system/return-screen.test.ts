import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHeadlessTerminal } from '../../agent/pty/headless-terminal.ts';
import type { ScreenPicture } from '#protocol/control/agent-to-terminal.ts';
import { people } from '../harness/people.ts';
import { startSmallSystem } from '../harness/small-system.ts';
import type { SmallSystem, TestMachine } from '../harness/small-system.ts';
import type { WorkspacePeer } from '../harness/workspace-peer.ts';

const SIZE = { cols: 80, rows: 24 };

async function drawn(...parts: readonly Uint8Array[]): Promise<string> {
  const terminal = createHeadlessTerminal(SIZE, 0);
  for (const part of parts) await terminal.write(part);
  const text = terminal.picture(0);
  terminal.dispose();
  return text;
}

// Hours of output in seconds: whoever comes back to it looks at the end of it, and has the rest when asked for.
describe('a console that comes back after much output', () => {
  let system: SmallSystem;
  let machine: TestMachine;
  let workspace: WorkspacePeer;

  beforeAll(async () => {
    system = await startSmallSystem({ preferredPort: 48_850 });
    machine = await system.addMachine('PRIM-BACKUP-01');
    workspace = await system.enter(people.technician);
  }, 60_000);
  afterAll(() => system?.dispose());

  it('has the right screen at once, and every byte on demand', async () => {
    const first = await workspace.openTerminal(machine.machineId, { size: SIZE });
    await first.untilText('$ ');
    first.type("seq 1 2000000; printf '\\033[41mred\\033[0m at \\033[5;10H he''re'; sleep 1000\r");
    await first.untilText('\r\n1000\r\n');
    first.dispose();
    // Nobody watches; a console that wants every byte, and never draws, tells when the output has ended.
    const waiter = await workspace.attachTerminal(machine.machineId, first.sessionId, { size: SIZE });
    await waiter.untilText(' here', 0, 60_000);
    const all = waiter.output();
    waiter.dispose();

    let picture: ScreenPicture | null = null;
    const before = performance.now();
    const back = await workspace.attachTerminal(machine.machineId, first.sessionId, {
      size: SIZE,
      onScreen: (screen) => (picture = screen),
    });
    await back.until('the screen', () => picture !== null);
    const tookMs = performance.now() - before;
    if (picture === null) throw new Error('unreachable');
    const { offsetBytes, data } = picture as ScreenPicture;
    expect(offsetBytes).toBe(all.length);
    expect(all.length).toBeGreaterThan(14_000_000);
    expect(await drawn(Buffer.from(data, 'base64'))).toBe(await drawn(all));
    process.stdout.write(`screen after ${all.length} bytes: ${Math.round(tookMs)} ms\n`);
    back.type('\u0003');
    await back.untilText('$ ', offsetBytes);
    await workspace.call('session.close', { sessionId: first.sessionId });
    await back.untilEnded();
  });
});
