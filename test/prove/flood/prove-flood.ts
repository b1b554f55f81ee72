// Floods the relay with what no honest peer sends, in every way an insider or a stranger can, while someone of another
// organization works on it. It must not crash, its memory stays bounded, and the work beside it stays exact.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from '../../../build/bundle.ts';
import { repositoryRoot } from '../../../build/repository-root.ts';
import { percentile } from '../../bench/bench.ts';
import type { PartReport, ProveRun } from '../part.ts';
import { startOwnRelay } from '../relay/proven-relay.ts';
import { clerkId } from '../tokens/mint.ts';
import { attacks } from './attacks.ts';
import type { AttackName, Tally } from './attacks.ts';
import { startEchoSession } from './echo-session.ts';
import type { FloodOrder } from './flood-worker.ts';

/** How long the session is measured alone. */
const BASELINE_MS = 5000;
const QUICK_SCALE = 0.08;
/** workerd with everything at once; Cloudflare gives an object 128 MB. */
const PEAK_MAX_MB = 1200;
/**
 * What the relay may take more while nobody reads: of 400 MB that are offered, of 160 MB that are lied about while
 * they flow into the recording (V8 lets 64 MB of garbage stand), of 240 MB that were asked for.
 */
const GROWTH_MAX_MB: Partial<Record<AttackName, number>> = {
  'a stalled terminal': 16,
  'a lying terminal': 110,
  'a stalled workspace': 48,
};
const MEMORY_EVERY_MS = 200;

export interface FloodOptions extends Pick<ProveRun, 'log' | 'signal' | 'quick'> {
  /** All of them by default. */
  readonly only?: readonly AttackName[];
}

interface Flooded {
  readonly attack: AttackName;
  readonly tally: Tally;
  readonly seconds: number;
  readonly echoP50Ms: number;
  readonly echoP99Ms: number;
  readonly memoryBeforeMb: number;
  readonly memoryPeakMb: number;
}

export async function proveFlood({ log, signal, quick, only }: FloodOptions): Promise<PartReport> {
  const failure = await build({ development: true, only: ['relay'], log: () => {} });
  if (failure !== undefined) throw new Error(`${failure.code}: ${failure.message}`);
  const relay = await startOwnRelay(join(repositoryRoot, 'dist/relay/worker.js'), {
    RATE_LIMIT_SCALE: '1',
    HANDSHAKE_TIMEOUT_MS: '5000',
  });
  const breaches: string[] = [];
  try {
    const pid = relay.pid();
    const issuer = { issuer: relay.issuer, key: relay.key };
    const ground = { url: relay.url, issuer, org: clerkId('org') };
    const echo = await startEchoSession(relay, clerkId('org'));
    const alone = await echo.measure(delay(quick ? BASELINE_MS / 5 : BASELINE_MS));
    const flooded: Flooded[] = [];
    for (const attack of only ?? attackNames()) {
      if (signal.aborted) break;
      log(attack);
      const scale = quick ? QUICK_SCALE : 1;
      const startedAt = performance.now();
      const memory = watchMemory(pid);
      const running = flood({ attack, ground, scale }, signal);
      const times = await echo.measure(running);
      const tally = await running.catch((error: unknown) => {
        breaches.push(`${attack}: ${String(error)}`);
        return {};
      });
      const { beforeMb, peakMb } = memory.stop();
      const one: Flooded = {
        attack,
        tally,
        seconds: Math.round((performance.now() - startedAt) / 100) / 10,
        echoP50Ms: percentile(times, 0.5),
        echoP99Ms: percentile(times, 0.99),
        memoryBeforeMb: beforeMb,
        memoryPeakMb: peakMb,
      };
      flooded.push(one);
      log(describe(one));
      if (!(await isServing(relay.url)) || memoryMb(pid) === null)
        breaches.push(`${attack}: the relay is gone`);
      if (peakMb > PEAK_MAX_MB) breaches.push(`${attack}: the relay took ${peakMb} MB`);
      if (peakMb - beforeMb > (GROWTH_MAX_MB[attack] ?? PEAK_MAX_MB))
        breaches.push(`${attack}: ${peakMb - beforeMb} MB were kept for readers that do not read`);
    }
    const honest = await echo.finish();
    breaches.push(...honest.faults);
    if (honest.cuts > 0) breaches.push(`the session beside was cut ${honest.cuts} times`);
    return report({ alone, flooded, honest, breaches });
  } finally {
    await relay.stop();
  }
}

function attackNames(): AttackName[] {
  return Object.keys(attacks).filter((name): name is AttackName => Object.hasOwn(attacks, name));
}

function flood(order: FloodOrder, signal: AbortSignal): Promise<Tally> {
  const worker = new Worker(new URL('./flood-worker.ts', import.meta.url), { workerData: order });
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  return new Promise<Tally>((resolve, reject) => {
    worker.once('message', (tally: Tally) => resolve(tally));
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the flood ended early')));
  }).finally(() => {
    signal.removeEventListener('abort', stop);
    stop();
  });
}

async function isServing(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/healthz`).catch(() => null);
  return answer?.ok === true;
}

/** Resident memory, whole MB; null when the process is gone. */
function memoryMb(pid: number): number | null {
  try {
    const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return found === undefined ? null : Math.round(Number(found) / 1024);
  } catch {
    return null;
  }
}

function watchMemory(pid: number): { stop: () => { readonly beforeMb: number; readonly peakMb: number } } {
  const beforeMb = memoryMb(pid) ?? 0;
  let peakMb = beforeMb;
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, memoryMb(pid) ?? 0);
  }, MEMORY_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return { beforeMb, peakMb };
    },
  };
}

function describe(one: Flooded): string {
  const counts = Object.entries(one.tally).map(([what, count]) => `${what} ${count}`);
  return (
    `  ${one.seconds} s; echo p50 ${one.echoP50Ms.toFixed(1)} ms, p99 ${one.echoP99Ms.toFixed(1)} ms; ` +
    `memory ${one.memoryBeforeMb} → ${one.memoryPeakMb} MB; ${counts.join(', ')}`
  );
}

function report(found: {
  readonly alone: readonly number[];
  readonly flooded: readonly Flooded[];
  readonly honest: { readonly bytes: number; readonly cuts: number };
  readonly breaches: readonly string[];
}): PartReport {
  const { alone, flooded, honest, breaches } = found;
  const total = (pattern: RegExp): number =>
    flooded
      .flatMap(({ tally }) => Object.entries(tally))
      .reduce((sum, [what, count]) => (pattern.test(what) ? sum + count : sum), 0);
  const garbage = total(/garbage|oversized|useless|noise/);
  const halfOpen = total(/half-open lines/);
  const aloneP50 = percentile(alone, 0.5);
  const ratio =
    percentile(
      flooded.map(({ echoP50Ms }) => echoP50Ms),
      0.5,
    ) / aloneP50;
  const peak = Math.max(0, ...flooded.map(({ memoryPeakMb }) => memoryPeakMb));
  return {
    breaches,
    summary:
      `${garbage} garbage frames and messages, ${halfOpen} half-open lines, ${breaches.length === 0 ? 'no crash' : 'BREACHED'}; ` +
      `${honest.bytes} bytes beside them exact, echo ${ratio.toFixed(1)}× (${aloneP50.toFixed(1)} ms alone), relay at most ${peak} MB`,
    figures: {
      garbage,
      halfOpen,
      echoAloneP50Ms: aloneP50,
      echoAloneP99Ms: percentile(alone, 0.99),
      echoRatioP50: ratio,
      memoryPeakMb: peak,
      honestBytes: honest.bytes,
      flooded,
    },
  };
}
