// The live stream through a bad night: receivers away for thousands of events, answers lost, the relay killed twice.
// Every event must arrive, in order, byte for byte; what arrives twice must be marked.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { StreamReceiver } from '#protocol/stream.ts';
import { buildAuditWorker, fillRecord } from '../../harness/audit-worker.ts';
import { waitFor } from '../../harness/wait-for.ts';
import type { WorkspacePeer } from '../../harness/workspace-peer.ts';
import type { PartReport, ProveRun } from '../part.ts';
import { createEvidenceWorld } from '../evidence/evidence-world.ts';
import type { EvidenceWorld } from '../evidence/evidence-world.ts';
import { ownCertificate } from './own-certificate.ts';
import { stalledReceiver, syslogReceiver, webhookReceiver } from './receivers.ts';
import type { Receiver } from './receivers.ts';

/** Events that a receiver misses while it is away. */
const FULL = 10_000;
const QUICK = 1000;
/** And that each workspace has before. */
const FIRST = 100;
/** Less often than the relay lets a person ask. */
const POLL_MS = 250;
/** As promised, whatever a receiver does; it is given longer to answer. */
const SIGNED_WITHIN_MS = 10_000;
const ARRIVAL_LIMIT_MS = 120_000;

interface Streamed {
  readonly org: string;
  readonly kind: 'webhook' | 'syslog';
  /** New on the same port: the receiver is back. */
  readonly open: (port?: number) => Promise<Receiver>;
  receiver: Receiver;
  secret: string;
  /** Of every receiver that stood there, one after the other. */
  readonly all: Receiver[];
}

export function proveStream({ log, quick }: ProveRun): Promise<PartReport> {
  return streamThroughTheNight(quick ? QUICK : FULL, log);
}

export async function streamThroughTheNight(missed: number, log: ProveRun['log']): Promise<PartReport> {
  const folder = await mkdtemp(join(tmpdir(), 'caisey-stream-'));
  const world = await createEvidenceWorld(await buildAuditWorker(folder));
  const certificate = ownCertificate();
  const inside = { private: true, trustedCertificates: [certificate.cert] };
  const streams: Streamed[] = [];
  const breaches: string[] = [];
  const figures: Record<string, unknown> = { missed };
  try {
    for (const kind of ['webhook', 'syslog'] as const)
      streams.push(await newStream(world, kind, certificate));
    await world.start();
    for (const stream of streams) await beginStream(world, stream);
    await tellsNoMore(world, streams, breaches);
    await world.stop();

    await world.start(inside);
    const endStalled = await beginStalled(world, certificate);
    await eachTakes(world, streams, FIRST);
    log('both receivers took what there was');
    figures['signedAfterMs'] = await endStalled(breaches);
    for (const { receiver } of streams) await receiver.close();
    for (const { org } of streams) await fillRecord(world.url, org, missed / 2, 'yes');
    await world.crash();
    await world.start(inside);
    for (const { org } of streams) await fillRecord(world.url, org, missed / 2, 'yes');
    log(`${missed} events each while the receivers were away, the relay killed once`);
    for (const stream of streams) {
      stream.receiver = await stream.open(stream.receiver.port);
      stream.all.push(stream.receiver);
      stream.receiver.loseAnswers = 1;
    }
    await nudge(world, streams);
    const some = () => streams.every(({ receiver }) => receiver.arrived.length > missed / 4);
    await waitFor('the first batches', some, ARRIVAL_LIMIT_MS);
    await world.crash();
    await world.start(inside);
    log('killed again, in the middle of sending');
    await eachTakes(world, streams, FIRST + missed);
    for (const stream of streams) figures[stream.kind] = await judge(world, stream, FIRST + missed, breaches);
    return { breaches, figures, summary: summaryOf(missed, figures) };
  } finally {
    for (const { receiver } of streams) await receiver.close();
    await world.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

async function newStream(
  world: EvidenceWorld,
  kind: Streamed['kind'],
  certificate: ReturnType<typeof ownCertificate>,
): Promise<Streamed> {
  const stream: { secret: string } = { secret: '' };
  const open = (port?: number) =>
    kind === 'webhook'
      ? webhookReceiver(certificate, () => stream.secret, port)
      : syslogReceiver(certificate, port);
  const receiver = await open();
  return Object.assign(stream, { org: world.newOrg(), kind, open, receiver, all: [receiver] });
}

async function beginStream(world: EvidenceWorld, stream: Streamed): Promise<void> {
  const peer = await world.enter(stream.org);
  const { port } = stream.receiver;
  const receiver: StreamReceiver =
    stream.kind === 'webhook'
      ? {
          kind: 'webhook',
          url: `https://localhost:${port}/in?token=planted`,
          authorization: 'Splunk planted',
        }
      : { kind: 'syslog', host: 'localhost', port };
  const set = await peer.call('stream.set', { expected: null, receiver, afterSeq: 0 });
  stream.secret = set.secret ?? '';
  await fillRecord(world.url, stream.org, FIRST, 'yes');
  peer.dispose();
}

/** Addresses inside the operator's network are not called, and what is told says no more than that. */
async function tellsNoMore(
  world: EvidenceWorld,
  streams: readonly Streamed[],
  breaches: string[],
): Promise<void> {
  for (const { org, kind, receiver } of streams) {
    const peer = await world.enter(org);
    const failing = async () => {
      await delay(POLL_MS);
      return (await peer.call('stream.get', {})).stream?.failing;
    };
    const found = await waitFor('a try that fails', failing);
    if (found.trouble !== 'unreachable') breaches.push(`${kind}: told ${found.trouble} of an inner address`);
    if (receiver.arrived.length > 0) breaches.push(`${kind}: an inner address was sent a record`);
    const told = JSON.stringify([await peer.call('stream.get', {}), await linesOf(peer)]);
    if (told.includes('planted')) breaches.push(`${kind}: a path or token is shown again`);
    peer.dispose();
  }
}

/** A receiver that takes the connection and never answers holds up nothing: what happens meanwhile is signed in time. */
async function beginStalled(world: EvidenceWorld, certificate: ReturnType<typeof ownCertificate>) {
  const stalled = await stalledReceiver(certificate);
  const org = world.newOrg();
  const peer = await world.enter(org);
  const receiver = {
    kind: 'webhook',
    url: `https://localhost:${stalled.port}/`,
    authorization: null,
  } as const;
  await fillRecord(world.url, org, FIRST, 'yes');
  await peer.call('stream.set', { expected: null, receiver, afterSeq: 0 });
  await waitFor('a batch on its way', () => stalled.connections() > 0);
  const from = performance.now();
  await peer.call('machine.search', { query: 'PRINT', settled: true, limit: 1 });
  const { headSeq } = await peer.call('audit.list', { afterSeq: 0, limit: 1 });
  return async (breaches: string[]): Promise<number> => {
    const isSigned = async () => {
      await delay(POLL_MS);
      return ((await peer.call('stream.get', {})).stream?.signedSeq ?? 0) >= headSeq;
    };
    await waitFor('a checkpoint beside a stalled receiver', isSigned, ARRIVAL_LIMIT_MS);
    const signedAfterMs = Math.round(performance.now() - from);
    if (signedAfterMs > SIGNED_WITHIN_MS)
      breaches.push(`beside a stalled receiver an event was signed after ${signedAfterMs} ms`);
    peer.dispose();
    await stalled.close();
    return signedAfterMs;
  };
}

/** A console that asks something wakes the object after a start; its alarm would do so a little later. */
async function nudge(world: EvidenceWorld, streams: readonly Streamed[]): Promise<void> {
  for (const { org } of streams) (await world.enter(org)).dispose();
}

/** At least so many events, and all that is signed. */
async function eachTakes(world: EvidenceWorld, streams: readonly Streamed[], events: number): Promise<void> {
  for (const { org, kind } of streams) {
    const peer = await world.enter(org);
    const isThrough = async () => {
      await delay(POLL_MS);
      const { stream } = await peer.call('stream.get', {});
      if (stream === null || stream.failing !== null) return false;
      return stream.sentSeq >= events && stream.sentSeq === stream.signedSeq;
    };
    await waitFor(`everything at the ${kind}`, isThrough, ARRIVAL_LIMIT_MS);
    peer.dispose();
  }
}

async function judge(world: EvidenceWorld, stream: Streamed, expected: number, breaches: string[]) {
  const { org, kind, all } = stream;
  const peer = await world.enter(org);
  const lines = await linesOf(peer);
  peer.dispose();
  let next = 1;
  let again = 0;
  for (const { seq, first, line } of all.flatMap(({ arrived }) => arrived)) {
    if (line !== lines[seq - 1]) breaches.push(`${kind}: event ${seq} is not what was recorded`);
    if (seq > next) breaches.push(`${kind}: ${seq} came before ${next}`);
    if (seq < next) {
      again += 1;
      if (first) breaches.push(`${kind}: ${seq} came again, not marked`);
    } else next = seq + 1;
  }
  breaches.push(...all.flatMap(({ faults }) => faults.map((fault) => `${kind}: ${fault}`)));
  const arrived = next - 1;
  if (arrived < expected) breaches.push(`${kind}: only ${arrived} of ${expected} arrived`);
  if (again === 0) breaches.push(`${kind}: an answer was lost, and nothing was sent again`);
  return { arrived, again };
}

async function linesOf(peer: WorkspacePeer): Promise<string[]> {
  const lines: string[] = [];
  for (;;) {
    const page = await peer.call('audit.list', { afterSeq: lines.length, limit: 500 });
    lines.push(...page.lines);
    if (page.lines.length === 0) return lines;
  }
}

function summaryOf(missed: number, figures: Readonly<Record<string, unknown>>): string {
  const told = (['webhook', 'syslog'] as const).map((kind) => {
    const { arrived, again } = figures[kind] as { arrived: number; again: number };
    return `${kind}: ${arrived} arrived in order, ${again} of them again and marked`;
  });
  return `receivers away for ${missed} events, relay killed twice; ${told.join('; ')}`;
}
