import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { SessionId } from '#protocol/ids.ts';
import type { MachineId } from '#protocol/ids.ts';
import { auditOf, plantMachine, query, ringEverything, workspaceStub } from '../testing/reach.ts';
import { TestAgent } from '../testing/test-agent.ts';
import { TestConsole } from '../testing/test-console.ts';
import { newId, testToken } from '../testing/test-token.ts';
import type { Workspace } from './workspace.ts';

const search = (console: TestConsole, query: string, settled: boolean) =>
  console.result('machine.search', { query, settled, limit: 20 });
const events = async (org: string, event: string) =>
  (await auditOf(org)).filter((line) => line.event === event);

describe('attempts', () => {
  it('tells the near-miss: link, both queries, nothing found, when the person switched', async () => {
    const org = newId('org');
    const machineId = (await plantMachine(org, 'WEST-PRINT-01', 'west-print-01')) as never;
    const console = await TestConsole.enter(await testToken({ org }));
    await console.result('link.open', { machineId, alertId: 'alert-17' });
    for (const prefix of ['P', 'PR', 'PRIM-PR']) await search(console, prefix, false);
    await search(console, 'PRIM-PRINT-01', true);
    await search(console, 'prim', false);
    await search(console, 'primprint', false);
    // No Enter this time: it stands still.
    await vi.waitFor(async () => expect(await events(org, 'machine.searched')).toHaveLength(2), 5000);
    await search(console, 'PRIM-PRI', false);
    await search(console, '', false);
    await console.result('workspace.leave', { reason: 'switched' });

    const [aborted, ...more] = await events(org, 'session_attempt.aborted');
    expect(more).toEqual([]);
    expect(aborted).toMatchObject({
      via: 'link',
      machine_id: machineId,
      queries: [{ result_count: 0 }, { result_count: 0 }],
      zero_results: true,
      reason: 'switched',
      org_switched_at: expect.any(Number),
    });
    expect((await auditOf(org)).map(({ event }) => event)).toEqual([
      'workspace.entered',
      'link.opened',
      'machine.searched',
      'machine.searched',
      'workspace.switch_requested',
      'session_attempt.aborted',
      'workspace.locked',
    ]);
    const lines = JSON.stringify(await auditOf(org));
    expect(lines).not.toMatch(/prim/i);
    const texts = await query(
      workspaceStub(org),
      `SELECT s.text, s.salt, a.seq, x.field FROM audit_sealed x JOIN sealed s USING (sealed_id) JOIN audit a USING (seq)
       WHERE a.event = 'session_attempt.aborted' ORDER BY x.field`,
    );
    expect(texts.map(({ text }) => text)).toEqual(['PRIM-PRINT-01', 'primprint']);
    expect(new Set(texts.map(({ salt }) => salt)).size).toBe(2);

    const reviewer = await TestConsole.enter(await testToken({ org, role: 'reviewer' }));
    const range = { fromMs: 0, toMs: Date.now() + 1000 };
    expect(await reviewer.result('review.open', range)).toMatchObject({
      sessions: [],
      attempts: [{ queries: [{ query: 'PRIM-PRINT-01' }, { query: 'primprint' }], reason: 'switched' }],
    });
    expect(await reviewer.result('review.complete', { ...range, verdict: 'follow_up' })).toMatchObject({
      sessions: 0,
      exceptions: 1,
    });
    expect(await reviewer.call('review.complete', { ...range, verdict: 'clean' })).toMatchObject({
      error: { code: 'conflict' },
    });
  });

  it('closes the attempt of a console that vanished, without a switch time, and the entry later', async () => {
    const [org, sid, userId] = [newId('org'), newId('sess'), newId('user')];
    const console = await TestConsole.enter(await testToken({ org, sid, userId }));
    await search(console, 'PRIM-PRINT-01', true);
    const stub = workspaceStub(org);
    // The relay is killed together with the console: no close is ever seen.
    await evictDurableObject(stub, { webSockets: 'close' });
    await ringEverything(stub);
    expect(await events(org, 'session_attempt.aborted')).toEqual([]);
    await query(stub, 'UPDATE entries SET vanished_at = vanished_at - 60000');
    await ringEverything(stub);
    expect(await events(org, 'session_attempt.aborted')).toMatchObject([
      { reason: 'timed_out', org_switched_at: null, queries: [{ result_count: 0 }], zero_results: true },
    ]);

    // A reconnect still joins within the grace; after it the sign-in is over.
    const back = await TestConsole.connect(await testToken({ org, sid, userId, fva: [5, -1] }));
    expect(await back.enter()).toMatchObject({ result: { resumed: true } });
    back.vanish();
    await vi.waitFor(async () => {
      const [row] = await query(stub, 'SELECT vanished_at FROM entries');
      expect(row?.['vanished_at']).not.toBeNull();
    });
    await query(stub, 'UPDATE entries SET vanished_at = vanished_at - 900000');
    await ringEverything(stub);
    expect(await events(org, 'workspace.locked')).toMatchObject([{ reason: 'timed_out' }]);
    const again = await TestConsole.connect(await testToken({ org, sid, userId }));
    expect(await again.closed()).toBe(4410);
  });

  it('leaves an attempt open while its console is there', async () => {
    const org = newId('org');
    const console = await TestConsole.enter(await testToken({ org }));
    await search(console, 'PRIM-PRINT-01', true);
    await ringEverything(workspaceStub(org));
    await ringEverything(workspaceStub(org));
    expect(await events(org, 'session_attempt.aborted')).toEqual([]);
    await console.result('attempt.dismiss', {});
    expect(await events(org, 'session_attempt.aborted')).toMatchObject([{ reason: 'dismissed' }]);
  });

  it('is connected by whichever of its sessions starts, though another one fails meanwhile', async () => {
    const org = newId('org');
    const console = await TestConsole.enter(await testToken({ org, role: 'admin' }));
    const dead = await TestAgent.enrolled(console);
    const well = await TestAgent.enrolled(console);
    await search(console, 'west', true);
    const size = { cols: 80, rows: 24 };
    const open = async (machineId: MachineId) =>
      z.object({ sessionId: SessionId }).parse(await console.result('session.open', { machineId, size }));
    const starting = await open(well.machineId);
    const failing = await open(dead.machineId);
    dead.agent.send({ type: 'session.failed', sessionId: failing.sessionId, detail: 'no shell' });
    await vi.waitFor(async () => expect(await events(org, 'session.failed')).toHaveLength(1), 5000);
    await runInDurableObject(workspaceStub(org), (object: Workspace) =>
      object.recordSession(org as never, starting.sessionId, [
        { opId: 'started', type: 'started', shell: 'bash', user: 'root' },
      ]),
    );
    expect(await events(org, 'session_attempt.connected')).toMatchObject([
      { session_id: starting.sessionId },
    ]);
    await console.result('workspace.leave', { reason: 'closed' });
    expect(await events(org, 'session_attempt.aborted')).toEqual([]);
  });

  it('shows a link to a machine that is not here as a hash only', async () => {
    const org = newId('org');
    const console = await TestConsole.enter(await testToken({ org }));
    const machineId = 'mac_01HZZZZZZZZZZZZZZZZZZZZZZZ' as never;
    expect(await console.call('link.open', { machineId, alertId: null })).toMatchObject({
      error: { code: 'not_found' },
    });
    expect(await events(org, 'link.opened')).toMatchObject([{ link_ok: false, machine_id: null }]);
    expect(JSON.stringify(await auditOf(org))).not.toContain(machineId);
  });
});
