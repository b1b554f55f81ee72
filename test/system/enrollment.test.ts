import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../build/repository-root.ts';
import { people } from '../harness/people.ts';
import { startSmallSystem } from '../harness/small-system.ts';
import type { SmallSystem, TestMachine } from '../harness/small-system.ts';
import { waitFor } from '../harness/wait-for.ts';

describe('enrollment and credential of a machine', () => {
  let system: SmallSystem;
  let machine: TestMachine;

  beforeAll(async () => {
    system = await startSmallSystem({ preferredPort: 48_850 });
    machine = await system.addMachine('PRIM-FRONT-03');
  }, 60_000);
  afterAll(() => system?.dispose());

  /** Runs an agent to its end. */
  const runAgent = (state: string, ...args: string[]) =>
    new Promise<{ code: number; err: string }>((resolve) => {
      const agent = join(repositoryRoot, 'dist/agent/agent.js');
      const all = [agent, '--relay', system.relayUrl, '--state', state, ...args];
      execFile(process.execPath, all, (error, _out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, err });
      });
    });
  const stateOf = (name: string) => join(machine.home, '..', name);
  const credentialFile = () => join(stateOf('state'), 'credential.json');

  it('refuses a code that is made up, and one that was used', async () => {
    const made = await runAgent(stateOf('made-up'), '--enroll', 'x'.repeat(60));
    expect([made.code, made.err]).toEqual([1, expect.stringMatching(/enrollment_invalid/)]);

    const admin = await system.enter(people.admin);
    const { code } = await admin.call('enrollment.create', { machineName: 'PRIM-BACK-04' });
    const facts = { hostname: 'h', os: 'o', user: 'u', agentVersion: '0' };
    const enroll = () =>
      fetch(`${system.relayUrl}/v1/enroll`, {
        method: 'POST',
        body: JSON.stringify({ code, publicKey: 'A'.repeat(43), facts }),
      });
    expect((await enroll()).status).toBe(200);
    const used = await runAgent(stateOf('used'), '--enroll', code);
    expect([used.code, used.err]).toEqual([1, expect.stringMatching(/enrollment_invalid/)]);
    await admin.leave('closed');
  });

  it('stops for good with an altered credential', async () => {
    await machine.stop();
    const kept = await readFile(credentialFile(), 'utf8');
    const parsed: { credential: string } = JSON.parse(kept);
    const flipped = parsed.credential.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    await writeFile(credentialFile(), JSON.stringify({ ...parsed, credential: `${flipped.slice(0, -2)}zz` }));
    const altered = await runAgent(stateOf('state'));
    expect([altered.code, altered.err]).toEqual([1, expect.stringMatching(/credential_invalid/)]);
    await writeFile(credentialFile(), kept);
    await machine.restart();
  });

  it('lets the newest connection of a key win, and the older agent ends saying so', async () => {
    const older = machine.events;
    await machine.restart();
    expect(machine.events.some(({ event }) => event === 'connected')).toBe(true);
    const ended = () => older.find(({ event }) => event === 'stopped');
    await waitFor('the older agent to end', ended);
    expect(older.find(({ event }) => event === 'disconnected')).toMatchObject({
      code: 'credential_superseded',
      retryInMs: null,
    });
    expect(ended()).toMatchObject({ exitCode: 1 });
  });
});
