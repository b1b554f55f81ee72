import { expect, it } from 'vitest';
import { z } from 'zod';
import { DEFAULT_POLICY } from '#protocol/policy.ts';
import { toBase64 } from '#protocol/evidence/base64.ts';
import { runInDurableObject } from 'cloudflare:test';
import { headHolds, rootAt } from '../audit/tree-store.ts';
import { bytes, openSession, output } from '../testing/open-session.ts';
import { query, ringEverything, terminalStub, workspaceStub } from '../testing/reach.ts';
import { testEnv } from '../testing/test-env.ts';

const YEAR_MS = 365 * 24 * 3600_000;
const count = async (stub: DurableObjectStub, table: string) =>
  (await query(stub, `SELECT COUNT(*) AS rows FROM ${table}`))[0]?.['rows'];

const prunings = async (workspace: DurableObjectStub) => {
  const rows = await query(workspace, "SELECT line FROM audit WHERE event = 'record.pruned' ORDER BY seq");
  return rows.map(({ line }) => z.looseObject({}).parse(JSON.parse(z.string().parse(line))));
};

it('removes what the policy does not keep: lines but for their hashes, sealed texts, sessions, recordings', async () => {
  const { org, console, machineId, sessionId, ticket, plug, attach } = await openSession();
  const workspace = workspaceStub(org);
  const terminal = terminalStub(org, machineId, sessionId);
  const agent = await plug(ticket, 5);
  await agent.message('welcome');
  agent.say({
    type: 'fact',
    factSeq: 1,
    at: 0,
    fact: { fact: 'started', pid: 1, shell: 'bash', user: 'root' },
  });
  agent.sendFrame(output(0, 'hello'));
  agent.say({
    type: 'fact',
    factSeq: 2,
    at: 0,
    fact: { fact: 'exited', exitCode: 0, signal: null, outputEndBytes: bytes('hello').length },
  });
  await expect.poll(() => query(workspace, 'SELECT state FROM sessions')).toEqual([{ state: 'ended' }]);
  await expect.poll(() => count(terminal, 'recording_objects')).toBe(1);
  const folder = `${org}/${machineId}/${sessionId}`;
  const stored = async () =>
    (await testEnv.RECORDINGS?.list({ prefix: folder }))?.objects.map(({ key }) => key);
  expect(await stored()).toEqual([`${folder}/0`]);
  await ringEverything(terminal);
  await expect.poll(() => count(terminal, 'recording')).toBe(0);
  expect(JSON.stringify(await console.result('recording.read', { sessionId, cursor: null }))).toContain(
    btoa('hello'),
  );
  // What a console still wants of it is in the recording now.
  const late = await attach(0);
  await late.until('the refusal', () => late.closedBy === 'session_ended');
  await console.result('machine.search', { query: 'PRIM-PRINT-01', settled: true, limit: 5 });
  await ringEverything(workspace);
  const [head] = await query(workspace, 'SELECT MAX(seq) AS seq FROM audit');
  const old = z.number().parse(head?.['seq']);
  const root = await runInDurableObject(workspace, (_object, { storage }) =>
    toBase64(rootAt(storage.sql, old)),
  );
  await query(workspace, 'UPDATE audit SET at = at - ?', YEAR_MS);
  await query(workspace, 'UPDATE sessions SET ended_at = ended_at - ?', YEAR_MS);

  const policy = { ...DEFAULT_POLICY, recordDays: 30 };
  await console.result('policy.set', { expected: DEFAULT_POLICY, policy });
  await expect.poll(() => count(workspace, 'record_pruned')).toBe(1);
  await ringEverything(workspace);
  expect(await count(workspace, 'sessions')).toBe(0);
  expect(await query(workspace, 'SELECT text FROM sealed WHERE text IS NOT NULL')).toEqual([]);
  await expect.poll(stored).toEqual([]);
  expect(await count(terminal, 'recording_objects')).toBe(0);
  const pruned = await query(workspace, "SELECT seq FROM audit WHERE line = '' AND leaf IS NOT NULL");
  expect(pruned).toHaveLength(old);
  expect((await prunings(workspace))[0]).toMatchObject({
    up_to_seq: old,
    root,
    events: old,
    sealed: 1,
    sessions: 1,
  });
  expect(await runInDurableObject(workspace, (_object, { storage }) => headHolds(storage.sql))).toBe(true);
  // A second look finds nothing more to remove, and says nothing.
  const events = "SELECT seq FROM audit WHERE line <> '' AND event <> 'checkpoint.signed'";
  const before = await query(workspace, events);
  await ringEverything(workspace);
  expect(await query(workspace, events)).toEqual(before);

  // A session whose lines went before it ended: that it goes is said as well.
  await query(
    workspace,
    `INSERT INTO sessions (session_id, machine_id, machine_name, entry_id, user_id, user_name, cols, rows,
    state, created_at, ended_at) SELECT ?, ?, 'x', entry_id, user_id, 'x', 1, 1, 'ended', 1, 1 FROM entries LIMIT 1`,
    sessionId,
    machineId,
  );
  await ringEverything(workspace);
  const last = (await prunings(workspace)).at(-1);
  expect(last).toMatchObject({ up_to_seq: old, root, events: 0, sessions: 1 });
});
