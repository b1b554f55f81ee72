import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { VerbName, VerbParams } from '#protocol/control/verbs.ts';
import { auditOf } from '../testing/reach.ts';
import { TestAgent } from '../testing/test-agent.ts';
import { TestConsole } from '../testing/test-console.ts';
import { newId, testToken } from '../testing/test-token.ts';

const size = { cols: 80, rows: 24 };
const UNKNOWN = {
  machineId: 'mac_01HZZZZZZZZZZZZZZZZZZZZZZZ',
  sessionId: 'ses_01HZZZZZZZZZZZZZZZZZZZZZZZ',
  runbookId: 'run_01HZZZZZZZZZZZZZZZZZZZZZZZ',
};
const paste = { decision: 'accepted', provenance: 'same', lines: 1, bytes: 1, controlChars: 0 } as const;
const runbook = { title: 'Fix', description: '', steps: ['true'], parameters: [], irreversible: false };

/** Every verb that takes an id, asked with these. */
function requests(ids: typeof UNKNOWN): [VerbName, unknown][] {
  const { machineId, sessionId, runbookId } = ids;
  return [
    ['link.open', { machineId, alertId: null }],
    ['machine.get', { machineId }],
    ['machine.probe', { machineId }],
    ['session.open', { machineId, size }],
    ['session.close', { sessionId }],
    ['runbook.save', { ...runbook, runbookId }],
    ['runbook.run', { runbookId, sessionId, versionSha256: '0', lines: ['true'] }],
    ['session.shell', { sessionId }],
    ['paste.report', { ...paste, sessionId }],
    ['recording.read', { sessionId, cursor: null }],
    ['session.review', { sessionId }],
    ['review.note', { itemId: sessionId, text: 'crossed' }],
    ['review.note', { itemId: machineId, text: 'crossed' }],
  ];
}

describe('two clients', () => {
  it('do not exist for each other: an id of one is an unknown id to the other, for every verb', async () => {
    const [primary, westside] = [newId('org'), newId('org')];
    const inPrimary = await TestConsole.enter(await testToken({ org: primary, role: 'admin' }));
    const { machineId } = await TestAgent.enrolled(inPrimary);
    const { sessionId } = z
      .object({ sessionId: z.string() })
      .parse(await inPrimary.result('session.open', { machineId, size }));
    const { runbookId } = z
      .object({ runbookId: z.string() })
      .parse(await inPrimary.result('runbook.save', { ...runbook, runbookId: null }));
    const before = (await auditOf(primary)).length;

    const inWestside = await TestConsole.enter(await testToken({ org: westside, role: 'admin' }));
    const ask = async (ids: typeof UNKNOWN) => {
      const answers: unknown[] = [];
      for (const [verb, params] of requests(ids)) {
        answers.push([verb, await inWestside.call(verb, params as VerbParams<typeof verb>)]);
      }
      return answers;
    };
    const foreign = await ask({ machineId, sessionId, runbookId });
    expect(foreign).toEqual(await ask(UNKNOWN));
    for (const answer of foreign)
      expect(answer).toMatchObject([expect.anything(), { ok: false, error: { code: 'not_found' } }]);

    expect((await auditOf(primary)).length).toBe(before);
    const told = await auditOf(westside);
    expect(told.filter(({ event }) => event === 'access.denied')).toHaveLength(2 * foreign.length);
    expect(JSON.stringify(told)).not.toContain(machineId);
    expect(JSON.stringify(told)).not.toContain(primary);
    expect(await inPrimary.call('machine.get', { machineId })).toMatchObject({ ok: true });
  });
});

describe('a machine that does not answer', () => {
  it('makes an attempt unreachable, unless the technician switched away', async () => {
    for (const [leave, reason] of [
      ['locked', 'unreachable'],
      ['switched', 'switched'],
    ] as const) {
      const org = newId('org');
      const admin = await TestConsole.enter(await testToken({ org, role: 'admin' }));
      const { agent, machineId } = await TestAgent.enrolled(admin);
      const console = await TestConsole.enter(await testToken({ org }));
      await console.result('link.open', { machineId, alertId: null });
      agent.close();
      await vi.waitFor(async () =>
        expect(await console.result('machine.get', { machineId })).toMatchObject({ online: false }),
      );
      expect(await console.call('session.open', { machineId, size })).toMatchObject({
        error: { code: 'machine_offline' },
      });
      await console.result('workspace.leave', { reason: leave });
      const aborted = (await auditOf(org)).filter(({ event }) => event === 'session_attempt.aborted');
      expect(aborted).toMatchObject([{ reason }]);
      expect(aborted[0]?.['org_switched_at'] === null).toBe(leave === 'locked');
    }
  });
});
