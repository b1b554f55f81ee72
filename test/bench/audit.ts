import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileLines } from '../../verify/file-lines.ts';
import { readCheckpoint, readVerifierKey } from '../../verify/note.ts';
import { verifyEvidence } from '../../verify/verify-evidence.ts';
import { createEvidenceWorld } from '../prove/evidence/evidence-world.ts';
import { buildAuditWorker, collectGarbage, fillRecord } from '../harness/audit-worker.ts';
import { writeUnderFire } from '../harness/record-under-fire.ts';
import { CallRefused } from '../harness/workspace-peer.ts';
import type { WorkspacePeer } from '../harness/workspace-peer.ts';
import type { Bench, BenchRun, Measure } from './bench.ts';

/** The record of one workspace on the real relay: appending, signing, exporting, and checking what was exported. */
export const auditBench: Bench = {
  name: 'audit',
  says: 'a record of 100,000 events: append, sign, compare, export, verify, memory',
  run: benchAudit,
};

const EVENTS = 100_000;
const STEP = 10_000;
const KILLS = 20;
const MB = 1024 * 1024;
const PACE_MS = 250;
/** A second on every Linux that Node runs on. */
const CLOCK_TICKS = 100;

async function benchAudit({ log, signal }: BenchRun): Promise<readonly Measure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'caisey-bench-audit-'));
  const world = await createEvidenceWorld(await buildAuditWorker(folder));
  try {
    await world.start();
    const org = world.newOrg();
    const fill = async (count: number, sign: 'yes' | 'no'): Promise<number> => {
      const from = performance.now();
      await fillRecord(world.url, org, count, sign);
      return performance.now() - from;
    };
    const fired = world.newOrg();
    const fire = await writeUnderFire({ world, org: fired, operations: EVENTS, kills: KILLS, log });
    await fill(STEP, 'yes');
    // What the fire left is not the appending's.
    await collectGarbage(world.url, org);
    const before = residentBytes(world.pid());
    const appendMs: number[] = [];
    const processorBefore = processorMs(world.pid());
    for (let done = STEP; done < EVENTS && !signal.aborted; done += STEP) {
      appendMs.push(await fill(STEP, 'no'));
      log(`${done + STEP} events`);
    }
    const processor = processorMs(world.pid()) - processorBefore;
    const signMs = await fill(1, 'yes');
    const peer = await world.enter(org);
    const seen = await peer.call('audit.checkpoint', { lastSeenSize: null });
    const compareFrom = performance.now();
    for (let size = 1; size < EVENTS; size += EVENTS / 100) {
      await peer.call('audit.checkpoint', { lastSeenSize: Math.floor(size) });
    }
    const compareMs = (performance.now() - compareFrom) / 100;
    const afterAppend = residentBytes(world.pid());
    const file = join(folder, 'evidence.ndjson');
    const exported = await exportTo(peer, file);
    log(`exported ${Math.round(exported.bytes / MB)} MB`);
    const afterExport = residentBytes(world.pid());
    const { keys } = await peer.call('audit.key', {});
    const key = readVerifierKey(keys[0]?.verifierKey ?? '');
    const lastSeen = readCheckpoint(seen.checkpoint ?? '');
    if (key === null) throw new Error('no key');
    const ownBefore = process.memoryUsage.rss();
    const verifyFrom = performance.now();
    const descriptor = openSync(file, 'r');
    const verdict = verifyEvidence(fileLines(descriptor), { keys: [key], lastSeen, witnesses: [] });
    closeSync(descriptor);
    const verifyMs = performance.now() - verifyFrom;
    if (!verdict.ok) throw new Error(`${verdict.doubt.code}: ${verdict.doubt.text}`);
    const ownAfter = process.memoryUsage.rss();
    peer.dispose();
    const keptBytes = async (): Promise<number> => {
      await collectGarbage(world.url, org);
      return residentBytes(world.pid());
    };
    const keptBefore = await keptBytes();
    for (let done = 0; done < EVENTS && !signal.aborted; done += STEP) await fill(STEP, 'no');
    const kept = (await keptBytes()) - keptBefore;
    log(`${2 * EVENTS} events`);
    const total = appendMs.reduce((sum, ms) => sum + ms, 0);
    const appended = appendMs.length * STEP;
    return [
      { name: 'operations through kills, evictions and repeats', value: EVENTS, unit: '' },
      { name: 'requests for them', value: fire.asked, unit: '' },
      { name: 'requests cut off', value: fire.unanswered, unit: '' },
      {
        name: 'operations lost or doubled',
        value: Math.abs(EVENTS - fire.rows),
        unit: '',
        gate: { atMost: 0 },
      },
      { name: 'numbers left out', value: fire.highestSeq - fire.rowsInAll, unit: '', gate: { atMost: 0 } },
      { name: 'doubts of the verifier', value: Number(!fire.verdict.ok), unit: '', gate: { atMost: 0 } },
      { name: 'append, processor', value: (processor * 1000) / appended, unit: 'µs', goal: { atMost: 50 } },
      { name: 'append, as it passes here', value: (total * 1000) / appended, unit: 'µs' },
      {
        name: 'append, last step against first',
        value: (appendMs.at(-1) ?? 0) / (appendMs[0] ?? 1),
        unit: '×',
      },
      { name: 'one event and its checkpoint', value: signMs, unit: 'ms' },
      { name: 'comparison on return', value: compareMs, unit: 'ms' },
      { name: 'export', value: exported.ms / 1000, unit: 's', goal: { atMost: 10 } },
      { name: 'evidence file', value: exported.bytes / MB, unit: 'MB' },
      { name: 'verify', value: verifyMs / 1000, unit: 's', goal: { atMost: 3 } },
      {
        name: 'relay’s memory, kept of as many events again',
        value: kept / MB,
        unit: 'MB',
        goal: { atMost: 8 },
      },
      // Mostly the young generation of V8, which grows to its full size once.
      {
        name: 'relay’s memory, appending for the first time',
        value: (afterAppend - before) / MB,
        unit: 'MB',
        goal: { atMost: 128 },
      },
      // Both below the file: it passes through.
      {
        name: 'relay’s memory, exporting',
        value: (afterExport - afterAppend) / MB,
        unit: 'MB',
        goal: { atMost: 32 },
      },
      { name: 'verifier’s memory', value: (ownAfter - ownBefore) / MB, unit: 'MB', goal: { atMost: 32 } },
    ];
  } finally {
    await world.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

async function exportTo(peer: WorkspacePeer, path: string): Promise<{ ms: number; bytes: number }> {
  const from = performance.now();
  const file = await open(path, 'w');
  const range = { edition: 'reviewer', fromSeq: 1, toSeq: null, lastSeenSize: null } as const;
  const { exportId, lines } = await peer.call('evidence.open', range);
  await file.write(`${lines.join('\n')}\n`);
  for (let afterSeq: number | null = 0; afterSeq !== null;) {
    const page: { lines: string[]; nextAfterSeq: number | null } = await readPage(peer, exportId, afterSeq);
    await file.write(`${page.lines.join('\n')}\n`);
    afterSeq = page.nextAfterSeq;
  }
  const { size } = await file.stat();
  await file.close();
  return { ms: performance.now() - from, bytes: size };
}

/** As a console does: what was refused for its pace alone is asked again. */
async function readPage(peer: WorkspacePeer, exportId: string, afterSeq: number) {
  for (;;) {
    try {
      return await peer.call('evidence.read', { exportId, afterSeq });
    } catch (error) {
      if (!(error instanceof CallRefused && error.code === 'rate_limited')) throw error;
      await delay(PACE_MS);
    }
  }
}

/** Of a process so far, user and system; a busy machine's waiting is not in it. Linux says it; elsewhere 0. */
function processorMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * (1000 / CLOCK_TICKS);
  } catch {
    return 0;
  }
}

/** Linux says it; elsewhere 0. */
function residentBytes(pid: number): number {
  try {
    const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(found?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
