// Tampers with evidence, ten thousand times: with exported files, and with the workspaces' own SQLite files while
// the relay is down. All of it must be told by caisey-verify or by a console that comes back; what nobody touched
// must be told by neither.
import { createHash, randomInt } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import type { MachineId } from '#protocol/ids.ts';
import { compare } from '#protocol/evidence/last-seen.ts';
import type { LastSeen } from '#protocol/evidence/last-seen.ts';
import { readCheckpoint, readVerifierKey } from '../../../verify/note.ts';
import type { VerifierKey } from '../../../verify/note.ts';
import { linesOf } from '../../../verify/file-lines.ts';
import { verifyEvidence } from '../../../verify/verify-evidence.ts';
import type { Trust, Verdict } from '../../../verify/verify-evidence.ts';
import type { WorkspacePeer } from '../../harness/workspace-peer.ts';
import type { PartReport, ProveRun } from '../part.ts';
import { createEvidenceWorld, exportEvidence } from './evidence-world.ts';
import type { EvidenceWorld } from './evidence-world.ts';
import { fileTamperings } from './file-tamperings.ts';
import type { Dice, TamperedFrom } from './file-tamperings.ts';
import { liveTamperings, OLD_FILE } from './live-tamperings.ts';
import { proveIdle } from './prove-idle.ts';

export interface Numbers {
  readonly orgs: number;
  readonly liveRounds: number;
  readonly fileTamperings: number;
}

const QUICK: Numbers = { orgs: 36, liveRounds: 1, fileTamperings: 1200 };
const FULL: Numbers = { orgs: 68, liveRounds: 15, fileTamperings: 10_000 };
/** One workspace in so many is left alone in every round. */
const UNTOUCHED_EVERY = 4;

interface Workspace {
  readonly org: string;
  readonly key: VerifierKey;
  /** What a console remembers. */
  readonly lastSeen: LastSeen;
  readonly seenSize: number;
  readonly files: readonly TamperedFrom[];
}

interface Tally {
  tried: number;
  missed: number;
  readonly kinds: Map<string, { tried: number; by: Map<string, number> }>;
}

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const dice: Dice = (below) => (below <= 1 ? 0 : randomInt(below));

export function verifyText(text: string, trust: Trust): Verdict {
  return verifyEvidence(
    (function* lines() {
      const rest = yield* linesOf(Buffer.from(text));
      if (rest.length > 0) yield rest.subarray(0, 0);
    })(),
    trust,
  );
}

/** Tampering, and beside it a workspace that nobody uses: it must sleep. */
export async function proveEvidence({ log, signal, quick }: ProveRun): Promise<PartReport> {
  const [report, idle] = await Promise.all([
    tamperWithEvidence(quick ? QUICK : FULL, log, signal),
    proveIdle(signal),
  ]);
  const said = idle.length === 0 ? 'an idle workspace slept, its machine connected' : idle.join(' ');
  return {
    breaches: [...report.breaches, ...idle],
    summary: `${report.summary}; ${said}`,
    figures: { ...report.figures, idle },
  };
}

export async function tamperWithEvidence(
  numbers: Numbers,
  log: ProveRun['log'],
  signal: AbortSignal,
): Promise<PartReport> {
  const world = await createEvidenceWorld();
  const breaches: string[] = [];
  try {
    await world.start();
    const workspaces = await fillWorkspaces(world, numbers.orgs);
    log(`${workspaces.length} workspaces filled and exported`);
    const files = tamperWithFiles(workspaces, numbers.fileTamperings, breaches);
    log(`files: ${files.tried} tamperings, ${files.missed} missed`);
    const live = await tamperLive(world, workspaces, numbers.liveRounds, signal, breaches, log);
    log(`live: ${live.tried} tamperings, ${live.missed} missed`);
    const tried = files.tried + live.tried;
    const kinds = files.kinds.size + live.kinds.size;
    const missed = files.missed + live.missed;
    return {
      breaches,
      summary: `evidence: ${tried} tamperings of ${kinds} kinds (${live.tried} with the live files), ${missed} missed, ${breaches.length - missed} false alarms`,
      figures: { files: figuresOf(files), live: figuresOf(live), workspaces: workspaces.length },
    };
  } finally {
    await world.dispose();
  }
}

async function fillWorkspaces(world: EvidenceWorld, count: number): Promise<Workspace[]> {
  const started = await Promise.all(
    Array.from({ length: count }, async (_, number) => {
      const org = world.newOrg();
      const peer = await world.enter(org);
      await nearMiss(peer, number);
      const older = await exportEvidence(peer, 'reviewer');
      return { org, peer, older, first: Number(JSON.parse(older.split('\n')[0] ?? '{}').tree_size) };
    }),
  );
  await world.stop();
  await world.keep(
    started.map(({ org }) => org),
    'older',
  );
  await world.start();
  const filled = await Promise.all(
    started.map(async ({ org, peer: before, older, first }, number) => {
      before.dispose();
      const peer = await world.enter(org);
      await nearMiss(peer, number);
      if (number % 3 === 0) await peer.call('audit.rotateKey', {});
      const lines = [
        await exportEvidence(peer, 'reviewer'),
        await exportEvidence(peer, 'client'),
        await exportEvidence(peer, 'reviewer', { fromSeq: first + 3, toSeq: first + 9, lastSeenSize: first }),
      ];
      const { keys } = await peer.call('audit.key', {});
      const key = readVerifierKey(keys[0]?.verifierKey ?? '');
      const { checkpoint } = await peer.call('audit.checkpoint', { lastSeenSize: null });
      const seen = checkpoint === null ? null : readCheckpoint(checkpoint);
      if (key === null || checkpoint === null || seen === null) throw new Error('no checkpoint');
      peer.dispose();
      return { org, key, lastSeen: { note: checkpoint }, seenSize: seen.size, older, lines };
    }),
  );
  await world.stop();
  await world.keep(
    started.map(({ org }) => org),
    'seen',
  );
  const split = (text: string): string[] => text.trimEnd().split('\n');
  return filled.map(({ org, key, lastSeen, seenSize, older, lines }, number) => {
    const foreign = split(filled[(number + 1) % filled.length]?.lines[0] ?? '');
    const files = lines.map((text) => ({ lines: split(text), older: split(older), foreign }));
    return { org, key, lastSeen, seenSize, files };
  });
}

/** What a night leaves behind: searches for what is not here, a link to nowhere, a code, a paste that was held. */
async function nearMiss(peer: WorkspacePeer, number: number): Promise<void> {
  for (const query of [`PRIM-PRINT-${number}`, 'print']) {
    await peer.call('machine.search', { query, settled: true, limit: 5 });
  }
  // Somebody else exports in the middle of it: a checkpoint that the record names only later.
  await peer.call('evidence.open', { edition: 'client', fromSeq: 1, toSeq: null, lastSeenSize: null });
  await peer
    .call('link.open', {
      machineId: 'mac_00000000000000000000000000' as MachineId,
      alertId: `alert-${number}`,
    })
    .catch(() => {});
  await peer.call('enrollment.create', { machineName: `WEST-PRINT-${number}-${randomInt(1e9)}` });
  await peer.call('paste.report', {
    sessionId: null,
    decision: 'blocked',
    provenance: 'other_workspace',
    lines: 1,
    bytes: 13,
    controlChars: 0,
  });
  await peer.call('attempt.dismiss', {});
}

/** The checkpoint that a file is checked against: the newest of all, or the one that its proof leads from. */
function trustOf({ key, lastSeen }: Workspace, { lines, older }: TamperedFrom): Trust {
  const proof = lines.find((line) => line.startsWith('{"type":"consistency"'));
  const note = proof === undefined ? newestNote(lines) : newestNote(older);
  return { keys: [key], lastSeen: readCheckpoint(note ?? lastSeen.note), witnesses: [] };
}

function newestNote(lines: readonly string[]): string | null {
  const line = lines.findLast((line) => line.startsWith('{"type":"checkpoint"'));
  return line === undefined ? null : String(JSON.parse(line).note);
}

function tamperWithFiles(workspaces: readonly Workspace[], count: number, breaches: string[]): Tally {
  const tally: Tally = { tried: 0, missed: 0, kinds: new Map() };
  const all = workspaces.flatMap((workspace) =>
    workspace.files.map((file) => ({ file, trust: trustOf(workspace, file) })),
  );
  for (const { file, trust } of all) {
    const verdict = verifyText(`${file.lines.join('\n')}\n`, trust);
    if (!verdict.ok) breaches.push(`an untouched file: ${verdict.doubt.code} ${verdict.doubt.text}`);
  }
  // A kind that finds nothing to tamper with in one file has its turn at another.
  const isUntried = (): boolean => fileTamperings.some(({ kind }) => !tally.kinds.has(kind));
  for (let turn = 0; tally.tried < count || (isUntried() && turn < 50 * count); turn += 1) {
    const { file, trust } = all[dice(all.length)] ?? { file: null, trust: null };
    const tampering = fileTamperings[turn % fileTamperings.length];
    if (file === null || tampering === undefined) throw new Error('nothing to tamper with');
    const text = tampering.tamper(file, dice);
    if (text === null || text === `${file.lines.join('\n')}\n`) continue;
    const verdict = verifyText(text, trust);
    note(tally, tampering.kind, verdict.ok ? null : verdict.doubt.code);
    if (verdict.ok) breaches.push(`a file passed: ${tampering.kind}`);
  }
  return tally;
}

async function tamperLive(
  world: EvidenceWorld,
  workspaces: readonly Workspace[],
  rounds: number,
  signal: AbortSignal,
  breaches: string[],
  log: ProveRun['log'],
): Promise<Tally> {
  const tally: Tally = { tried: 0, missed: 0, kinds: new Map() };
  let turn = 0;
  for (let round = 0; round < rounds && !signal.aborted; round += 1) {
    const kinds = new Map<string, string>();
    for (const [index, { org, seenSize }] of workspaces.entries()) {
      await world.restore(org, 'seen');
      if (index % UNTOUCHED_EVERY === 0) continue;
      const tampering = liveTamperings[turn % liveTamperings.length];
      turn += 1;
      if (tampering === undefined) throw new Error('no tampering');
      kinds.set(org, tampering.kind);
      if (tampering.kind === OLD_FILE) {
        await world.restore(org, 'older');
        continue;
      }
      const database = new DatabaseSync(world.fileOf(org));
      tampering.tamper(database, dice, seenSize);
      database.close();
    }
    await world.start();
    const told = await Promise.all(workspaces.map((workspace) => lookAgain(world, workspace)));
    for (const [index, workspace] of workspaces.entries()) {
      const kind = kinds.get(workspace.org);
      const found = told[index] ?? null;
      if (kind === undefined) {
        if (found !== null) breaches.push(`an untouched workspace: ${found}`);
        continue;
      }
      note(tally, kind, found);
      if (found === null) breaches.push(`a live file passed: ${kind}`);
    }
    await world.stop();
    log(`live round ${round + 1} of ${rounds}: ${tally.tried} tamperings, ${tally.missed} missed`);
  }
  return tally;
}

/** Comes back as a console would; where that sees nothing, exports and verifies. @returns what was told, null: all is well */
async function lookAgain(
  world: EvidenceWorld,
  { org, key, lastSeen, seenSize }: Workspace,
): Promise<string | null> {
  const peer = await world.enter(org).catch(() => null);
  if (peer === null) return 'the relay';
  try {
    const answer = await peer.call('audit.checkpoint', { lastSeenSize: seenSize });
    const comparison = await compare(sha256, org, lastSeen, answer);
    if (comparison.kind !== 'consistent') return 'a returning console';
    const trust = { keys: [key], lastSeen: readCheckpoint(lastSeen.note), witnesses: [] };
    const verdict = verifyText(await exportEvidence(peer, 'reviewer'), trust);
    return verdict.ok ? null : 'caisey-verify';
  } finally {
    peer.dispose();
  }
}

function note(tally: Tally, kind: string, by: string | null): void {
  const row = tally.kinds.get(kind) ?? { tried: 0, by: new Map<string, number>() };
  row.tried += 1;
  row.by.set(by ?? 'nobody', (row.by.get(by ?? 'nobody') ?? 0) + 1);
  tally.kinds.set(kind, row);
  tally.tried += 1;
  if (by === null) tally.missed += 1;
}

function figuresOf(tally: Tally): Record<string, unknown> {
  const kinds = [...tally.kinds].map(([kind, { tried, by }]) => [
    kind,
    { tried, toldBy: Object.fromEntries(by) },
  ]);
  return { tried: tally.tried, missed: tally.missed, kinds: Object.fromEntries(kinds) };
}
