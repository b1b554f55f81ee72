import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMachineKeyPem, machineKeyFromPem } from '../../agent/enrollment/machine-key.ts';
import { repositoryRoot } from '../../build/repository-root.ts';
import { people } from '../harness/people.ts';
import { startSmallSystem } from '../harness/small-system.ts';
import type { AgentEvent, SmallSystem, TestMachine } from '../harness/small-system.ts';
import { waitFor } from '../harness/wait-for.ts';

describe('enrollment and credential of a machine', () => {
  let system: SmallSystem;
  let machine: TestMachine;

  beforeAll(async () => {
    system = await startSmallSystem({ preferredPort: 48_850 });
    machine = await system.addMachine('PRIM-FRONT-03');
  }, 60_000);
  afterAll(async () => {
    lines.destroy();
    await system?.dispose();
  });

  const argsOf = (state: string) => [
    join(repositoryRoot, 'dist/agent/agent.js'),
    '--relay',
    system.relayUrl,
    '--state',
    state,
  ];
  const withCode = (code?: string) => ({
    env: { ...process.env, ...(code === undefined ? {} : { CAISEY_ENROLL_CODE: code }) },
  });
  /** Runs an agent to its end. */
  const runAgent = (state: string, code?: string) =>
    new Promise<{ code: number; err: string }>((resolve) => {
      execFile(process.execPath, argsOf(state), withCode(code), (error, _out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, err });
      });
    });
  /** Starts one beside the machine's own. */
  const startAgent = (state: string, code?: string, ...args: string[]) => {
    const child = spawn(process.execPath, [...argsOf(state), ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
      ...withCode(code),
    });
    const events: AgentEvent[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => events.push(JSON.parse(line)));
    return { events, kill: () => child.kill() };
  };
  const keyOf = async (state: string) =>
    machineKeyFromPem(await readFile(join(stateOf(state), 'machine-key.pem'), 'utf8')).publicKey;
  const stateOf = (name: string) => join(machine.home, '..', name);
  const credentialFile = () => join(stateOf('state'), 'credential.json');

  const lines = new Agent({ keepAlive: true, maxSockets: 64 });
  const enroll = async (code: string, publicKey = newKey()) => {
    const facts = { hostname: 'h', os: 'o', user: 'u', agentVersion: '0' };
    const asked = request(`${system.relayUrl}/v1/enroll`, { method: 'POST', agent: lines });
    asked.end(JSON.stringify({ code, publicKey, facts }));
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      asked.once('response', resolve).once('error', reject);
    });
    return { status: answer.statusCode ?? 0, text: await text(answer) };
  };
  const newKey = () => machineKeyFromPem(createMachineKeyPem()).publicKey;
  const statusCounts = (answers: readonly { status: number }[]) => {
    const counts: Record<number, number> = {};
    for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  };

  it('refuses a code that is made up, and one that was used', async () => {
    const made = await runAgent(stateOf('made-up'), 'x'.repeat(60));
    expect([made.code, made.err]).toEqual([1, expect.stringMatching(/enrollment_invalid/)]);

    const admin = await system.enter(people.admin);
    const { code } = await admin.call('enrollment.create', { machineName: 'PRIM-BACK-04' });
    expect((await enroll(code)).status).toBe(200);
    const used = await runAgent(stateOf('used'), code);
    expect([used.code, used.err]).toEqual([1, expect.stringMatching(/enrollment_invalid/)]);
    await admin.leave('closed');
  });

  it('lets one of a hundred win that use a code at once', async () => {
    const admin = await system.enter(people.admin);
    const { code } = await admin.call('enrollment.create', { machineName: 'PRIM-RACE-05' });
    const before = (await admin.call('machine.list', { offset: 0, limit: 1 })).total;
    const answers = await Promise.all(Array.from({ length: 100 }, () => enroll(code)));
    const { 200: won, ...lost } = statusCounts(answers);
    expect([won, Object.keys(lost)]).toEqual([1, expect.not.arrayContaining(['500'])]);
    expect((await admin.call('machine.list', { offset: 0, limit: 1 })).total).toBe(before + 1);
    await admin.leave('closed');
  });

  it('lets none of 10,000 guesses hit, answers few of them, and a real code meanwhile', async () => {
    const admin = await system.enter(people.admin);
    const { code } = await admin.call('enrollment.create', { machineName: 'PRIM-CALM-06' });
    const [prefix, payload = '', mac = ''] = code.split('.');
    const random = (length: number) => randomBytes(length).toString('base64url').slice(0, length);
    const guess = (index: number) =>
      [
        `${prefix}.${payload}.${random(mac.length)}`,
        `${prefix}.${random(payload.length)}.${mac}`,
        // Half of it known leaves 128 bits.
        `${prefix}.${payload}.${mac.slice(0, index % 22)}${random(mac.length - (index % 22))}`,
        random(code.length),
      ][index % 4] ?? '';
    const answers: { status: number }[] = [];
    const publicKey = newKey();
    let real: { status: number } | null = null;
    const guesses = Array.from({ length: 10_000 }, (_, index) => guess(index)).values();
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        for (const made of guesses) {
          answers.push(await enroll(made, publicKey));
          if (answers.length === 5000) real = await enroll(code);
        }
      }),
    );
    const { 401: answered = 0, 429: limited = 0, ...others } = statusCounts(answers);
    expect(others).toEqual({});
    expect(answered).toBeLessThan(200);
    expect(answered + limited).toBe(10_000);
    expect(real).toMatchObject({ status: 200 });
    await admin.leave('closed');
  }, 120_000);

  it('enrolls a host anew only with a key of its own making', async () => {
    const admin = await system.enter(people.admin);
    const first = await admin.call('enrollment.create', { machineName: 'PRIM-ANEW-07' });
    expect((await enroll(first.code, await keyOf('state'))).text).toMatch(/machine_key_known.*--wipe/);
    // Its code is still good: what is refused is the key.
    await cp(stateOf('state'), stateOf('anew'), { recursive: true });
    const refused = await runAgent(stateOf('anew'), first.code);
    expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/already enrolled.*--wipe/)]);
    const agent = startAgent(stateOf('anew'), first.code, '--wipe');
    await waitFor('the new machine', () => agent.events.some(({ event }) => event === 'connected'));
    agent.kill();
    expect(await keyOf('anew')).not.toBe(await keyOf('state'));
    expect(agent.events.find(({ event }) => event === 'enrolled')).toMatchObject({
      machineName: 'PRIM-ANEW-07',
    });
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

  it('tells of a copied key: the newest host wins, the older one says so and waits', async () => {
    const technician = await system.enter(people.technician);
    const older = machine.events;
    await cp(stateOf('state'), stateOf('copied'), { recursive: true });
    const copy = startAgent(stateOf('copied'));
    const lost = await waitFor('the older host to be told', () =>
      older.find(({ event, code }) => event === 'disconnected' && code === 'credential_superseded'),
    );
    expect(lost['retryInMs']).toBeGreaterThanOrEqual(60_000);
    expect(older.some(({ event }) => event === 'stopped')).toBe(false);
    const { machineId } = machine;
    expect(await technician.call('machine.get', { machineId })).toMatchObject({
      online: true,
      keyAlert: { quarantined: false },
    });
    copy.kill();
    await technician.leave('closed');
  });
});
