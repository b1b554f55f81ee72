import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compare, sizeSeen } from '#protocol/evidence/last-seen.ts';
import type { LastSeen } from '#protocol/evidence/last-seen.ts';
import { CheckpointAnswer } from '#protocol/evidence/last-seen.ts';
import { allLinesOf, auditOf, query, ringEverything, workspaceStub } from '../testing/reach.ts';
import { TestConsole } from '../testing/test-console.ts';
import { newId, testToken } from '../testing/test-token.ts';
import { sha256 } from './sha256.ts';

const Opened = z.object({ exportId: z.string(), lines: z.array(z.string()) });
const Page = z.object({ lines: z.array(z.string()), nextAfterSeq: z.number().nullable() });

async function reviewerOf(org: string): Promise<TestConsole> {
  return TestConsole.enter(await testToken({ org, role: 'admin' }));
}

async function ask(console: TestConsole, lastSeen: LastSeen | null): Promise<CheckpointAnswer> {
  return CheckpointAnswer.parse(
    await console.result('audit.checkpoint', { lastSeenSize: sizeSeen(lastSeen) }),
  );
}

describe('checkpoints', () => {
  it('come by alarm while events are unsigned, name the one before, and let an idle workspace sleep', async () => {
    const org = newId('org');
    const stub = workspaceStub(org);
    const alarmAt = () => runInDurableObject(stub, (_object, state) => state.storage.getAlarm());
    const due = () => query(stub, "SELECT at FROM due WHERE key = 'checkpoint'");

    const first = await reviewerOf(org);
    await first.result('machine.search', { query: 'west', settled: true, limit: 1 });
    expect((await alarmAt()) ?? Infinity).toBeLessThanOrEqual(Date.now() + 10_000);
    expect(await due()).toHaveLength(1);
    await ringEverything(stub);
    expect(await due()).toEqual([]);
    const [{ size: before } = {}] = await query(stub, 'SELECT size FROM checkpoints');

    await first.result('workspace.leave', { reason: 'closed' });
    await first.closed();
    await ringEverything(stub);
    await ringEverything(stub);
    const audit = await allLinesOf(org);
    expect(audit.filter(({ event }) => event === 'checkpoint.signed')).toMatchObject([{ tree_size: before }]);
    const [{ size } = {}] = await query(stub, 'SELECT MAX(size) AS size FROM checkpoints');
    expect(size).toBe(audit.length);
    expect(await query(stub, 'SELECT * FROM due')).toEqual([]);
    expect(await alarmAt()).toBeNull();
  });

  it('are compared on return: a record that was cut, changed or wiped is told from one that went on', async () => {
    const org = newId('org');
    const stub = workspaceStub(org);
    const console = await reviewerOf(org);
    expect(await compare(sha256, org, null, await ask(console, null))).toEqual({
      kind: 'consistent',
      lastSeen: null,
    });
    await ringEverything(stub);
    const first = await compare(sha256, org, null, await ask(console, null));
    if (first.kind !== 'consistent' || first.lastSeen === null) throw new Error('no checkpoint');
    const seenSize = sizeSeen(first.lastSeen);
    for (const query of ['a', 'b', 'c']) {
      await console.result('machine.search', { query, settled: true, limit: 1 });
    }
    await ringEverything(stub);
    const gone = await compare(sha256, org, first.lastSeen, await ask(console, first.lastSeen));
    expect(gone.kind).toBe('consistent');
    expect(await compare(sha256, newId('org'), first.lastSeen, await ask(console, first.lastSeen))).toEqual({
      kind: 'changed',
      seenSize,
    });
    if (gone.kind !== 'consistent') throw new Error('not consistent');
    await query(stub, 'DELETE FROM checkpoints WHERE size > ?', seenSize);
    expect(await compare(sha256, org, gone.lastSeen, await ask(console, gone.lastSeen))).toEqual({
      kind: 'cut',
      seenSize: sizeSeen(gone.lastSeen),
      size: seenSize,
    });
    await query(stub, "UPDATE audit SET line = replace(line, 'WS1', 'WS2') WHERE seq = 1");
    await query(stub, 'DELETE FROM audit_head');
    await console.result('machine.search', { query: 'd', settled: true, limit: 1 });
    await ringEverything(stub);
    expect(await compare(sha256, org, first.lastSeen, await ask(console, first.lastSeen))).toEqual({
      kind: 'changed',
      seenSize,
    });
    await query(stub, 'DELETE FROM checkpoints');
    expect(await compare(sha256, org, first.lastSeen, await ask(console, first.lastSeen))).toMatchObject({
      kind: 'cut',
    });
  });

  it('are signed by the new key and the one before it, once the key was rotated', async () => {
    const org = newId('org');
    const console = await reviewerOf(org);
    await ringEverything(workspaceStub(org));
    const { keys } = z
      .object({ keys: z.array(z.object({ verifierKey: z.string() })) })
      .parse(await console.result('audit.rotateKey', {}));
    expect(new Set(keys.map(({ verifierKey }) => verifierKey)).size).toBe(2);
    await ringEverything(workspaceStub(org));
    const rows = await query(workspaceStub(org), 'SELECT note FROM checkpoints ORDER BY size');
    expect(rows.map(({ note }) => z.string().parse(note).split('\u2014').length - 1)).toEqual([1, 2]);
    expect((await auditOf(org)).filter(({ event }) => event === 'checkpoint.key_changed')).toMatchObject([
      { actor: { role: 'admin' } },
    ]);
  });
});

describe('an export', () => {
  it('is recorded, its reader’s alone, and holds sealed texts in the reviewers’ edition only', async () => {
    const org = newId('org');
    const console = await reviewerOf(org);
    await console.result('machine.search', { query: 'PRIM-PRINT-01', settled: true, limit: 1 });
    const exported = async (edition: 'reviewer' | 'client'): Promise<string> => {
      const opened = Opened.parse(
        await console.result('evidence.open', { edition, fromSeq: 1, toSeq: null, lastSeenSize: null }),
      );
      const { exportId } = opened;
      const page = Page.parse(await console.result('evidence.read', { exportId, afterSeq: 0 }));
      expect(page.nextAfterSeq).toBeNull();
      const other = await reviewerOf(org);
      expect(await other.call('evidence.read', { exportId, afterSeq: 0 })).toMatchObject({
        error: { code: 'not_found' },
      });
      return [...opened.lines, ...page.lines].join('\n');
    };
    expect(await exported('reviewer')).toContain('"text":"PRIM-PRINT-01"');
    expect(await exported('client')).not.toContain('PRIM-PRINT-01');
    const events = (await auditOf(org)).filter(({ event }) => event === 'evidence.exported');
    expect(events).toMatchObject([
      { edition: 'reviewer', form: 'evidence' },
      { edition: 'client', form: 'evidence' },
    ]);
  });

  it('begins with the first event of a time, and says what it is made into', async () => {
    const org = newId('org');
    const console = await reviewerOf(org);
    const searched = async (query: string) => {
      await console.result('machine.search', { query, settled: true, limit: 1 });
      return (await auditOf(org)).at(-1);
    };
    await searched('early');
    await query(workspaceStub(org), 'UPDATE audit SET at = 0');
    const late = await searched('late');
    const asked = { edition: 'client', fromSeq: 1, toSeq: null, lastSeenSize: null } as const;
    const open = async (fromMs: number) => console.call('evidence.open', { ...asked, form: 'csv', fromMs });
    expect(await open(1)).toMatchObject({ ok: true, result: { fromSeq: late?.seq } });
    expect((await auditOf(org)).find(({ event }) => event === 'evidence.exported')).toMatchObject({
      form: 'csv',
      from_seq: late?.seq,
    });
  });
});
