import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VerbResult } from '#protocol/control/verbs.ts';
import type { SessionId } from '#protocol/ids.ts';
import { people } from '../harness/people.ts';
import { startSmallSystem } from '../harness/small-system.ts';
import type { SmallSystem } from '../harness/small-system.ts';
import { waitFor } from '../harness/wait-for.ts';
import type { WorkspacePeer } from '../harness/workspace-peer.ts';

const MAX_BYTES = 3 * 1024 ** 2;

describe('a program that prints for ever, watched by nobody', () => {
  let system: SmallSystem;

  beforeAll(async () => {
    system = await startSmallSystem({
      preferredPort: 48_980,
      relayBindings: { RECORDING_MAX_BYTES: String(MAX_BYTES) },
    });
  }, 60_000);
  afterAll(() => system?.dispose());

  const recordedBytes = async (peer: WorkspacePeer, sessionId: SessionId) => {
    let bytes = 0;
    let cursor: number | null = null;
    do {
      const page: VerbResult<'recording.read'> = await peer.call('recording.read', { sessionId, cursor });
      for (const event of page.events)
        if (event.kind === 'output') bytes += Buffer.from(event.data, 'base64').length;
      cursor = page.nextCursor;
    } while (cursor !== null);
    return bytes;
  };

  it('ends with its session, and all that the session started', { timeout: 60_000 }, async () => {
    const machine = await system.addMachine('WEST-PRINT-01');
    const technician = await system.enter(people.technician);
    const terminal = await technician.openTerminal(machine.machineId);
    const { sessionId } = terminal;
    await terminal.untilText('$ ');
    await terminal.run('sleep 4711 & echo $! > ~/pids');
    terminal.type("sh -c 'echo $$ >> ~/pids; exec yes'\r");
    await terminal.untilText('y\r\ny\r\n');
    terminal.dispose();
    const reviewer = await system.enter(people.reviewer);
    const session = await waitFor('the end in the record', async () => {
      const found = await reviewer.call('session.review', { sessionId });
      return found.endReason === null ? undefined : found;
    });
    expect(session).toMatchObject({ endReason: 'recording_full', bytesOut: MAX_BYTES });
    // Read to its end, where its chain is held against the signed one.
    expect(await recordedBytes(reviewer, sessionId)).toBe(MAX_BYTES);
    const pids = (await readFile(join(machine.home, 'pids'), 'utf8')).trim().split('\n').map(Number);
    expect(pids).toHaveLength(2);
    await waitFor('the end of its processes', () => !pids.some(isAlive));
    const next = await technician.openTerminal(machine.machineId);
    expect(await next.untilText('$ ')).toBeGreaterThan(0);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
