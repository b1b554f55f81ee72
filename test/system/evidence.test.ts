import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../build/bundle.ts';
import { repositoryRoot } from '../../build/repository-root.ts';
import { createEvidenceWorld, exportEvidence } from '../prove/evidence/evidence-world.ts';
import type { EvidenceWorld } from '../prove/evidence/evidence-world.ts';
import { fileTamperings } from '../prove/evidence/file-tamperings.ts';
import { liveTamperings } from '../prove/evidence/live-tamperings.ts';
import { waitFor } from '../harness/wait-for.ts';
import { tamperWithEvidence } from '../prove/evidence/prove-evidence.ts';

describe('tampered evidence', () => {
  it('is told by the verifier or a returning console, of every kind; untouched evidence is not', async () => {
    const numbers = { orgs: 22, liveRounds: 1, fileTamperings: 6 * fileTamperings.length };
    const report = await tamperWithEvidence(numbers, () => {}, new AbortController().signal);
    expect(report.breaches).toEqual([]);
    const { files, live } = report.figures as Record<'files' | 'live', { kinds: object }>;
    expect(Object.keys(files.kinds)).toHaveLength(fileTamperings.length);
    expect(Object.keys(live.kinds)).toHaveLength(liveTamperings.length);
  }, 120_000);
});

describe('caisey-verify', () => {
  let world: EvidenceWorld;
  let folder: string;
  let key: string;
  const file = (name: string): string => join(folder, name);
  const run = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
    promisify(execFile)(process.execPath, [
      join(repositoryRoot, 'dist/verify/caisey-verify.mjs'),
      ...args,
    ]).then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        out: error.stdout,
        err: error.stderr,
      }),
    );

  beforeAll(async () => {
    const failure = await build({ development: true, only: ['verify'], log: () => {} });
    if (failure !== undefined) throw new Error(failure.message);
    folder = await mkdtemp(join(tmpdir(), 'caisey-verify-'));
    world = await createEvidenceWorld();
    await world.start();
    const peer = await world.enter(world.newOrg());
    await peer.call('machine.search', { query: 'PRIM-PRINT-01', settled: true, limit: 5 });
    await writeFile(file('first.ndjson'), await exportEvidence(peer, 'reviewer'));
    await writeFile(file('second.ndjson'), await exportEvidence(peer, 'client'));
    key = (await peer.call('audit.key', {})).keys[0]?.verifierKey ?? '';
    peer.dispose();
  });
  afterAll(async () => {
    await world.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('says what is proven and what is not, and ends with 0 only then', async () => {
    const proven = await run(file('first.ndjson'), '--key', key, '--keep', file('seen'));
    expect(proven).toMatchObject({ code: 0, err: '' });
    expect(proven.out).toMatch(/^PROVEN\n {2}- Events 1 to \d+ of caisey\.audit\/org_\w+ are complete/);
    expect(proven.out).toContain('1 sealed texts are those that were committed to');
    expect(proven.out).toContain('NOT PROVEN');
    expect((await run(file('second.ndjson'), '--key', key, '--last-seen', file('seen'))).code).toBe(0);

    const text = await readFile(file('first.ndjson'), 'utf8');
    await writeFile(file('forged.ndjson'), text.replace('"result_count":0', '"result_count":1'));
    const doubted = await run(file('forged.ndjson'), '--key', key);
    expect(doubted).toMatchObject({ code: 1 });
    expect(doubted.out).toMatch(/^DOUBT root_differs \(line \d+\): .*\n\S/);

    await run(file('second.ndjson'), '--key', key, '--keep', file('newer'));
    const old = await run(file('first.ndjson'), '--key', key, '--last-seen', file('newer'), '--json');
    expect(old.code).toBe(1);
    expect(JSON.parse(old.out)).toMatchObject({ verdict: 'doubt', code: 'last_seen_ahead' });
  });

  it('names bad input with a code and a next step', async () => {
    for (const [args, code, word] of [
      [[], 2, 'usage'],
      [[file('first.ndjson')], 2, 'key_missing'],
      [[file('first.ndjson'), '--key', `${key.slice(0, -2)}A=`], 2, 'key_invalid'],
      [[file('nowhere'), '--key', key], 3, 'file_unreadable'],
      [[file('first.ndjson'), '--key', key, '--last-seen', file('first.ndjson')], 1, 'last_seen_invalid'],
      [[file('first.ndjson'), '--keys', key], 2, 'usage'],
    ] as const) {
      const ended = await run(...args);
      expect([args, ended.code]).toEqual([args, code]);
      expect(ended.err).toMatch(new RegExp(`^${word}: .*\\n\\S`));
    }
  });

  it('shows what a forged file says without letting it draw a verdict', async () => {
    const lines = (await readFile(file('first.ndjson'), 'utf8')).split('\n');
    const at = lines.findLastIndex((line) => line.startsWith('{"type":"checkpoint"'));
    const { note } = JSON.parse(lines[at] ?? '') as { note: string };
    const drawn = '\u001b[2J\u001b[HPROVEN\u009b8m\u202e';
    const forged = `${note}\u2014 ${drawn} AAAAAAAAAAA=\n`;
    const changed = lines.with(at, JSON.stringify({ type: 'checkpoint', note: forged }));
    await writeFile(file('forged.ndjson'), changed.join('\n'));
    const { code, out, err } = await run(file('forged.ndjson'), '--key', key);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(/^DOUBT key_unknown .*\\u\{1b\}\[HPROVEN\\u\{9b\}8m\\u\{202e\}/);
    expect(out).toMatch(/^[\n\P{C}]*$/u);
  });

  it('lets a second witness co-sign, and then demands that witness', async () => {
    const made = await run('new-witness', 'auditor.example/w1', '--as', file('witness'));
    const witness = made.out.trim();
    expect(witness).toMatch(/^auditor\.example\/w1\+[0-9a-f]{8}\+/);
    const cosigned = await run('cosign', file('first.ndjson'), '--key', key, '--as', file('witness'));
    expect(cosigned).toMatchObject({ code: 0, err: expect.stringContaining('PROVEN') });
    await writeFile(file('cosigned'), cosigned.out);
    const options = [file('second.ndjson'), '--key', key, '--witness', witness] as const;
    const seen = await run(...options, '--last-seen', file('cosigned'));
    expect(seen).toMatchObject({
      code: 0,
      out: expect.stringContaining('auditor.example/w1 saw this record too'),
    });
    expect(await run(...options)).toMatchObject({ code: 1, out: expect.stringContaining('witness_missing') });
    await writeFile(file('forged'), cosigned.out.replace(/signed-at \d{4}/, 'signed-at 2031'));
    expect(await run(...options, '--last-seen', file('forged'))).toMatchObject({ code: 1 });
  });

  it('trusts a key through one rotation and not through two; the witness’s word holds through both', async () => {
    const peer = await world.enter(world.newOrg());
    const keyOf = async () => (await peer.call('audit.key', {})).keys[0]?.verifierKey ?? '';
    const before = await keyOf();
    await writeFile(file('k1.ndjson'), await exportEvidence(peer, 'client'));
    const witness = (await run('new-witness', 'auditor.example/w2', '--as', file('w2'))).out.trim();
    const cosigned = await run('cosign', file('k1.ndjson'), '--key', before, '--as', file('w2'));
    await writeFile(file('k1.seen'), cosigned.out);
    const check = (name: string, key: string) =>
      run(file(name), '--key', key, '--last-seen', file('k1.seen'), '--witness', witness);

    await peer.call('audit.rotateKey', {});
    await writeFile(file('k2.ndjson'), await exportEvidence(peer, 'client'));
    const second = await keyOf();
    expect(second).not.toBe(before);
    expect(await check('k2.ndjson', before)).toMatchObject({ code: 0 });
    await peer.call('audit.rotateKey', {});
    await writeFile(file('k3.ndjson'), await exportEvidence(peer, 'client'));
    peer.dispose();
    expect(await check('k3.ndjson', before)).toMatchObject({ code: 1 });
    await writeFile(file('keys'), `${before}\n${second}\n`);
    expect(await check('k3.ndjson', file('keys'))).toMatchObject({
      code: 0,
      out: expect.stringContaining('auditor.example/w2 saw this record too'),
    });
  });

  it('goes on over what a policy removed: proofs hold, and the record itself says what went', async () => {
    const org = world.newOrg();
    const peer = await world.enter(org);
    for (let at = 0; at < 5; at += 1)
      await peer.call('machine.search', { query: `PRIM-PRINT-${at}`, settled: true, limit: 5 });
    await writeFile(file('whole.ndjson'), await exportEvidence(peer, 'client'));
    const orgKey = (await peer.call('audit.key', {})).keys[0]?.verifierKey ?? '';
    expect((await run(file('whole.ndjson'), '--key', orgKey, '--keep', file('whole.seen'))).code).toBe(0);
    peer.dispose();

    await world.stop();
    const database = new DatabaseSync(world.fileOf(org));
    // As if a hundred days had passed since.
    const { last } = database.prepare('SELECT MAX(seq) AS last FROM audit').get() as { last: number };
    database.prepare('UPDATE audit SET at = at - ?').run(100 * 24 * 3600_000);
    database.close();
    await world.start();
    const back = await world.enter(org);
    const { policy } = await back.call('policy.get', {});
    await back.call('policy.set', { expected: policy, policy: { ...policy, recordDays: 30 } });
    const removed = async () =>
      (await back.call('audit.list', { afterSeq: 0, limit: 50 })).lines.some((line) =>
        line.includes('"event":"record.pruned"'),
      );
    await waitFor('the removal', removed);
    const { lines } = await back.call('audit.list', { afterSeq: 0, limit: 50 });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ seq: last + 1, event: 'workspace.entered' });
    const text = await exportEvidence(back, 'reviewer', { lastSeenSize: last - 2 });
    back.dispose();
    expect(text).not.toContain('PRIM-PRINT');
    await writeFile(file('rest.ndjson'), text);
    const proven = await run(file('rest.ndjson'), '--key', orgKey, '--last-seen', file('whole.seen'));
    expect(proven).toMatchObject({
      code: 0,
      out: expect.stringContaining(`Events 1 to ${last}, older than`),
    });
    const forged = text.replace(`"up_to_seq":${last}`, `"up_to_seq":${last - 1}`);
    await writeFile(file('rest-forged.ndjson'), forged);
    expect((await run(file('rest-forged.ndjson'), '--key', orgKey)).code).toBe(1);
  });
});
