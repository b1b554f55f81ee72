import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it, vi } from 'vitest';
import { EnrollAnswer } from '#protocol/control/enrollment.ts';
import { SILENT_AFTER_MS } from '#protocol/control/heartbeat.ts';
import { auditOf, workspaceStub } from '../testing/reach.ts';
import { enroll, newCode, newKey, TestAgent } from '../testing/test-agent.ts';
import { TestConsole } from '../testing/test-console.ts';
import { newId, testToken } from '../testing/test-token.ts';
import { AGENT_TAG, agentState, setAgentState } from './agent-sockets.ts';

async function workspaceWithMachine() {
  const org = newId('org');
  const admin = await TestConsole.enter(await testToken({ org, role: 'admin' }));
  const key = await newKey();
  const answer = await enroll(await newCode(admin), key.publicKey);
  const { credential, machineId } = EnrollAnswer.parse(await answer.json());
  const connect = () => TestAgent.connect(credential, key.privateKey);
  const welcomed = async () => {
    const agent = await connect();
    await agent.until(({ type }) => type === 'welcome');
    return agent;
  };
  const events = async () =>
    (await auditOf(org)).map(({ event }) => event).filter((event) => event.startsWith('machine.'));
  return { org, admin, machineId, connect, welcomed, events };
}

describe('a machine key on two hosts', () => {
  it('is told, the newest wins, and hosts that go on about it are kept out until an administrator decides', async () => {
    const { org, admin, machineId, connect, welcomed, events } = await workspaceWithMachine();
    const technician = await TestConsole.enter(await testToken({ org }));
    const card = () => technician.result('machine.get', { machineId });
    expect(await card()).toMatchObject({ keyAlert: null });
    let newest = await welcomed();
    for (let round = 0; round < 2; round += 1) {
      const older = newest;
      newest = await welcomed();
      await vi.waitFor(() => expect(older.closedBy).toBe('credential_superseded'));
      expect(await card()).toMatchObject({ online: true, keyAlert: { quarantined: false } });
    }
    const last = await welcomed();
    await vi.waitFor(() => expect(last.closedBy).toBe('machine_quarantined'));
    expect(newest.closedBy).toBe('credential_superseded');
    const refused = await connect();
    await vi.waitFor(() => expect(refused.closedBy).toBe('machine_quarantined'));
    expect(await card()).toMatchObject({ online: false, keyAlert: { quarantined: true } });

    const reviewer = await TestConsole.enter(await testToken({ org, role: 'reviewer' }));
    const range = { fromMs: 0, toMs: Date.now() };
    expect(await reviewer.result('review.open', range)).toMatchObject({
      keyAlerts: [{ machineId, machineName: 'WEST-PRINT-01', times: 3, quarantined: true }],
    });
    expect(await technician.call('machine.release', { machineId })).toMatchObject({ ok: false });
    const stranger = await TestConsole.enter(await testToken({ role: 'admin' }));
    expect(await stranger.call('machine.release', { machineId })).toMatchObject({
      error: { code: 'not_found' },
    });
    await admin.result('machine.release', { machineId });
    await welcomed();
    expect(await card()).toMatchObject({ online: true, keyAlert: null });
    expect(await events()).toEqual([
      'machine.enrolled',
      'machine.superseded',
      'machine.superseded',
      'machine.superseded',
      'machine.quarantined',
      'machine.released',
    ]);
  });

  it('is not what a cut line looks like: nobody answers at the older end', async () => {
    const { admin, machineId, welcomed, events } = await workspaceWithMachine();
    const cut = await welcomed();
    cut.answersPings = false;
    await welcomed();
    expect(await admin.result('machine.probe', { machineId })).toMatchObject({ reachable: true });
    await vi.waitFor(() => expect(cut.closedBy).toBe('machine_offline'), 5000);
    expect(await events()).toEqual(['machine.enrolled', 'machine.reachable']);
  });
});

describe('presence', () => {
  it('ends with the beats, for those who watch and for those who come later', async () => {
    const { org, admin, machineId, welcomed } = await workspaceWithMachine();
    const agent = await welcomed();
    const online = async () => {
      const { online: now } = Object(await admin.result('machine.get', { machineId }));
      return now;
    };
    expect(await online()).toBe(true);
    await age(org, SILENT_AFTER_MS - 5000);
    expect(await online()).toBe(true);
    await age(org, SILENT_AFTER_MS + 1);
    expect(await online()).toBe(false);
    agent.beat();
    await vi.waitFor(async () => expect(await online()).toBe(true));
    expect(agent.closedBy).toBeNull();
  });

  it('closes and announces what went silent', async () => {
    const { org, admin, machineId, welcomed } = await workspaceWithMachine();
    const agent = await welcomed();
    admin.vanish();
    await admin.closed();
    await age(org, SILENT_AFTER_MS + 1);
    const technician = await TestConsole.enter(await testToken({ org }));
    await vi.waitFor(() => expect(agent.closedBy).toBe('machine_offline'));
    await vi.waitFor(() => expect(JSON.stringify(technician.messages)).toContain(machineId));
  });
});

/** As if every agent had proved its key so long ago and never beaten since. */
async function age(org: string, ms: number): Promise<void> {
  await runInDurableObject(workspaceStub(org), (_object, state) => {
    for (const socket of state.getWebSockets(AGENT_TAG)) {
      const agent = agentState(socket);
      if (agent === null) throw new Error('not an agent');
      setAgentState(socket, { ...agent, standing: { name: 'proven', at: Date.now() - ms } });
    }
  });
}
