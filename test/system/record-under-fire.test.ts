import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildAuditWorker } from '../harness/audit-worker.ts';
import { writeUnderFire } from '../harness/record-under-fire.ts';
import { createEvidenceWorld } from '../prove/evidence/evidence-world.ts';
import type { EvidenceWorld } from '../prove/evidence/evidence-world.ts';

const OPERATIONS = 10_000;

let folder: string;
let world: EvidenceWorld;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caisey-fire-'));
  world = await createEvidenceWorld(await buildAuditWorker(folder));
  await world.start();
}, 60_000);
afterAll(async () => {
  await world?.dispose();
  await rm(folder, { recursive: true, force: true });
});

// `npm run bench -- audit` does the same with 100,000.
it('records each operation once and leaves out no number, killed, evicted and asked again', async () => {
  const org = world.newOrg();
  const fire = await writeUnderFire({ world, org, operations: OPERATIONS, kills: 4, log: () => {} });
  expect(fire.unanswered).toBeGreaterThan(0);
  expect(fire.rows).toBe(OPERATIONS);
  expect(fire.rowsInAll).toBe(fire.highestSeq);
  expect(fire.verdict).toMatchObject({ ok: true });
});
