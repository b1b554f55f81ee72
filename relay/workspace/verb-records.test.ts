import { describe, expect, it, vi } from 'vitest';
import { verbRecords } from '#protocol/control/verb-records.ts';
import { VERB_NAMES, verbs } from '#protocol/control/verbs.ts';
import type { VerbName, VerbParams } from '#protocol/control/verbs.ts';
import { AlertId, EnrollmentId, UserId } from '#protocol/ids.ts';
import { DEFAULT_POLICY } from '#protocol/policy.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { openSession, size } from '../testing/open-session.ts';
import { auditOf, query, workspaceStub } from '../testing/reach.ts';
import { TestConsole } from '../testing/test-console.ts';
import { newId, testToken } from '../testing/test-token.ts';

type World = Awaited<ReturnType<typeof openSession>>;
type Params = { readonly [V in VerbName]: (world: World) => VerbParams<V> | Promise<VerbParams<V>> };

const range = { fromMs: 0, toMs: 9e15 };
const runbook = { title: 'Restart', description: '', steps: ['true'], parameters: [], irreversible: false };
const saved = async ({ console }: World) =>
  verbs['runbook.save'].result.parse(await console.result('runbook.save', { ...runbook, runbookId: null }));
const code = async ({ console }: World) =>
  EnrollmentId.parse(
    verbs['enrollment.create'].result.parse(
      await console.result('enrollment.create', { machineName: 'WEST-SCAN-02' }),
    ).enrollmentId,
  );
const frame = {
  colour: 'teal',
  glyph: 'ring',
  code: 'WEST',
  name: 'DentalCare_Westside',
  emphasis: [0, 4],
} as const;

/** A call of each verb that does something, after what it needs. */
const params: Params = {
  'workspace.enter': () => ({
    protocolVersion: PROTOCOL_VERSION,
    via: 'launcher',
    device: { installId: 'install', appVersion: '0', windowId: 'window' },
  }),
  'workspace.leave': () => ({ reason: 'switched' }),
  'workspace.reverify': async ({ person }) => ({ token: await testToken(person) }),
  'policy.get': () => ({}),
  'policy.set': async ({ console }) => {
    const { policy } = verbs['policy.get'].result.parse(await console.result('policy.get', {}));
    return { expected: policy, policy: { ...DEFAULT_POLICY, entryIdleMinutes: 7 } };
  },
  'frame.set': () => ({ expected: null, frame: { ...frame, emphasis: [0, 4] } }),
  'link.open': ({ machineId }) => ({ machineId, alertId: AlertId.parse('alert-1') }),
  'machine.search': () => ({ query: 'PRIM-PRINT-01', settled: true, limit: 5 }),
  'machine.list': () => ({ offset: 0, limit: 5 }),
  'machine.rename': ({ machineId }) => ({
    machineId,
    expected: 'WEST-PRINT-01',
    name: 'WEST-PRINT-07',
    confirmed: true,
  }),
  'machine.remove': ({ machineId }) => ({ machineId, name: 'WEST-PRINT-01' }),
  'machine.release': async ({ org, machineId }) => {
    await query(
      workspaceStub(org),
      'INSERT INTO key_alerts (machine_id, window_at, clones, last_at, quarantined_at) VALUES (?, 0, 3, 0, 0)',
      machineId,
    );
    return { machineId };
  },
  'machine.get': ({ machineId }) => ({ machineId }),
  'machine.probe': async ({ org, machineId }) => {
    await query(workspaceStub(org), 'UPDATE machines SET reachable = 0');
    return { machineId };
  },
  'attempt.dismiss': async ({ console }) => {
    await console.result('machine.search', { query: 'nothing', settled: true, limit: 5 });
    return {};
  },
  'session.open': async ({ console, machineId }) => {
    await console.result('machine.search', { query: 'print', settled: true, limit: 5 });
    return { machineId, size };
  },
  'session.list': () => ({ machineId: null }),
  'session.take': ({ sessionId, person }) => ({ sessionId, from: UserId.parse(person.userId) }),
  'session.close': ({ sessionId }) => ({ sessionId }),
  'session.shell': ({ sessionId }) => ({ sessionId }),
  'runbook.list': () => ({}),
  'runbook.save': async (world) => ({ ...runbook, runbookId: (await saved(world)).runbookId }),
  'runbook.run': async (world) => {
    const { runbookId, versionSha256, steps } = await saved(world);
    return {
      runbookId,
      versionSha256,
      lines: steps,
      sessionId: world.sessionId,
      values: {},
      confirmed: null,
    };
  },
  'paste.report': ({ sessionId }) => ({
    decision: 'blocked',
    provenance: 'other_workspace',
    lines: 1,
    bytes: 1,
    controlChars: 0,
    sessionId,
  }),
  'enrollment.create': () => ({ machineName: 'WEST-SCAN-01' }),
  'enrollment.list': () => ({}),
  'enrollment.rotate': async (world) => ({ enrollmentId: await code(world) }),
  'enrollment.revoke': async (world) => ({ enrollmentId: await code(world) }),
  'review.open': () => range,
  'review.complete': async ({ console }) => {
    await console.result('review.open', range);
    return { ...range, verdict: 'clean' };
  },
  'session.review': ({ sessionId }) => ({ sessionId }),
  'review.note': ({ sessionId }) => ({ itemId: sessionId, text: 'asked' }),
  'command.search': () => ({ ...range, query: 'cups', limit: 5 }),
  'recording.read': ({ sessionId }) => ({ sessionId, cursor: null }),
  'audit.list': () => ({ afterSeq: 0, limit: 5 }),
  'audit.checkpoint': () => ({ lastSeenSize: null }),
  'audit.key': () => ({}),
  'audit.rotateKey': () => ({}),
  'evidence.open': () => ({ edition: 'client', fromSeq: 1, toSeq: null, lastSeenSize: null }),
  'stream.get': () => ({}),
  'stream.set': () => ({
    expected: null,
    receiver: { kind: 'syslog', host: 'siem.example', port: 6514 },
    afterSeq: null,
  }),
  'evidence.read': async ({ console }) => {
    const opened = await console.result('evidence.open', await params['evidence.open']({} as World));
    return { exportId: verbs['evidence.open'].result.parse(opened).exportId, afterSeq: 0 };
  },
};

/** The machine reports that the newest session runs. */
async function reportStart({ agent, plug }: World): Promise<void> {
  const told = agent.messages.findLast(({ type }) => type === 'session.open');
  if (told?.type !== 'session.open') throw new Error('no session was asked for');
  const socket = await plug(told.ticket);
  await socket.message('welcome');
  socket.say({
    type: 'fact',
    factSeq: 1,
    at: 0,
    fact: { fact: 'started', pid: 1, shell: 'bash', user: 'root' },
  });
}

/** Who calls: the one who opened the session, but for what another stay of theirs does. */
async function callerOf(verb: VerbName, world: World): Promise<TestConsole> {
  const other = { ...world.person, sid: newId('sess') };
  if (verb === 'session.take') return TestConsole.enter(await testToken(other));
  return verb === 'workspace.enter' ? TestConsole.connect(await testToken(other)) : world.console;
}

describe('the record of each verb', () => {
  it.concurrent.each(VERB_NAMES)('%s', async (verb) => {
    const world = await openSession();
    const given = await params[verb](world);
    const caller = await callerOf(verb, world);
    const recorded = async (act: () => Promise<unknown>, isThere: (names: string[]) => boolean) => {
      const before = (await auditOf(world.org)).length;
      await act();
      return vi.waitFor(async () => {
        const names = (await auditOf(world.org)).slice(before).map(({ event }) => event);
        if (!isThere(names)) throw new Error(`only ${names.join()}`);
        return names;
      }, 3000);
    };
    const record = verbRecords[verb];
    const call = async () => {
      const answer = await caller.call(verb, given);
      if (verb === 'session.open') await reportStart(world);
      return answer;
    };
    // Who left has no line any more.
    const tried = () => call().catch(() => null);
    if ('recordsNothing' in record) {
      expect(record.recordsNothing).toMatch(/\w{3}/);
      expect(
        await recorded(
          async () => expect(await call()).toMatchObject({ ok: true }),
          () => true,
        ),
      ).toEqual([]);
      return;
    }
    const isDone = (names: string[]) => record.records.some((name) => names.includes(name));
    const first = await recorded(async () => expect(await call()).toMatchObject({ ok: true }), isDone);
    expect(record.records).toEqual(expect.arrayContaining(first));
    const again = await recorded(tried, record.again === 'another' ? isDone : () => true);
    const news = again.filter((name) => name !== 'access.denied');
    if (record.again === 'nothing') expect(news).toEqual([]);
    else expect(record.records).toEqual(expect.arrayContaining(news));
  });
});
