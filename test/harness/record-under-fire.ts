// A record that is written while the relay is killed, its object is evicted, and whatever was asked is asked again:
// also what had been answered, and the same twice at once. What must come of it: each operation once, no number left out.
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { readCheckpoint, readVerifierKey } from '../../verify/note.ts';
import type { Verdict } from '../../verify/verify-evidence.ts';
import { fillRecord } from './audit-worker.ts';
import { exportEvidence } from '../prove/evidence/evidence-world.ts';
import type { EvidenceWorld } from '../prove/evidence/evidence-world.ts';
import { verifyText } from '../prove/evidence/prove-evidence.ts';

export interface FireOptions {
  readonly world: EvidenceWorld;
  readonly org: string;
  readonly operations: number;
  /** `kill -9`, spread over the whole of it; an eviction between each two. */
  readonly kills: number;
  readonly log: (line: string) => void;
}

export interface UnderFire {
  readonly asked: number;
  readonly unanswered: number;
  readonly rows: number;
  readonly highestSeq: number;
  readonly rowsInAll: number;
  /** Of the whole record, with a checkpoint from before. */
  readonly verdict: Verdict;
}

const CHUNK = 250;
const LANES = 4;
const AGAIN_MS = 20;

export async function writeUnderFire({
  world,
  org,
  operations,
  kills,
  log,
}: FireOptions): Promise<UnderFire> {
  const chunks = Array.from({ length: Math.ceil(operations / CHUNK) }, (_, index) => index * CHUNK);
  let next = 0;
  let done = 0;
  let asked = 0;
  let unanswered = 0;
  /** @returns once it was answered */
  const write = async (first: number): Promise<void> => {
    for (;;) {
      asked += 1;
      const count = Math.min(CHUNK, operations - first);
      const url = `${world.url}/bench/fill?org=${org}&count=${count}&sign=no&first=${first}`;
      const answer = await fetch(url).catch(() => null);
      await answer?.text().catch(() => '');
      if (answer?.ok === true) return;
      unanswered += 1;
      await delay(AGAIN_MS);
    }
  };
  const lane = async (): Promise<void> => {
    for (let at = next++; at < chunks.length; at = next++) {
      const first = chunks[at] ?? 0;
      await (at % 7 === 0 ? Promise.all([write(first), write(first)]) : write(first));
      if (at % 5 === 0) await write(chunks[Math.floor(at / 2)] ?? 0);
      done += 1;
    }
  };
  const reached = async (part: number): Promise<void> => {
    while (done < chunks.length * part) await delay(1);
  };
  const fire = async (): Promise<void> => {
    for (let kill = 1; kill <= kills; kill += 1) {
      await reached((kill - 0.5) / (kills + 1));
      await fetch(`${world.url}/bench/evict?org=${org}`).catch(() => null);
      await reached(kill / (kills + 1));
      await world.crash();
      await world.start();
    }
  };
  await fillRecord(world.url, org, 1, 'yes');
  // Seen before all of it, as a console remembers it.
  const witness = await world.enter(org);
  const { keys } = await witness.call('audit.key', {});
  const key = readVerifierKey(keys[0]?.verifierKey ?? '');
  const { checkpoint } = await witness.call('audit.checkpoint', { lastSeenSize: null });
  const lastSeen = readCheckpoint(checkpoint ?? '');
  witness.dispose();
  if (key === null || lastSeen === null) throw new Error('no key or checkpoint');
  await Promise.all([fire(), ...Array.from({ length: LANES }, lane)]);
  log(`${asked} requests for ${chunks.length} groups, ${unanswered} of them cut off`);
  const peer = await world.enter(org);
  const verdict = verifyText(await exportEvidence(peer, 'reviewer'), {
    keys: [key],
    lastSeen,
    witnesses: [],
  });
  peer.dispose();
  await world.stop();
  const database = new DatabaseSync(world.fileOf(org), { readOnly: true });
  const count = (sql: string) => Number(Object.values(database.prepare(sql).get() ?? {})[0]);
  const rows = count(
    "SELECT COUNT(DISTINCT op_id) FROM audit WHERE op_id GLOB 'bench:[0-9]*' AND LENGTH(op_id) < 16",
  );
  const rowsInAll = count('SELECT COUNT(*) FROM audit');
  const highestSeq = count('SELECT MAX(seq) FROM audit');
  const doubled =
    count("SELECT COUNT(*) FROM audit WHERE op_id GLOB 'bench:[0-9]*' AND LENGTH(op_id) < 16") - rows;
  database.close();
  await world.start();
  return { asked, unanswered, rows: rows + doubled, highestSeq, rowsInAll, verdict };
}
