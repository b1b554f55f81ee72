import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../build/command-line.ts';
import { percentile } from '../bench/bench.ts';
import { startSmallSystem } from '../harness/small-system.ts';
import type { SmallSystem } from '../harness/small-system.ts';
import { pickFault, RelayKiller, strike } from './faults.ts';
import type { FaultKind } from './faults.ts';
import { Rig } from './rig.ts';

export interface SoakOptions {
  readonly minutes: number;
  readonly rigs: number;
  readonly preferredPort: number;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly random: () => number;
}

export interface SoakReport {
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  readonly faultCount: number;
  readonly outputBytes: number;
  readonly inputLines: number;
  readonly refusedInputs: number;
  /** From the end of a fault to new output with everything live, console kills aside. */
  readonly resumeP50Ms: number;
  readonly resumeP95Ms: number;
  readonly resumeMaxMs: number;
  /** Resident memory, at the start (after the first tenth) and at its highest after that. */
  readonly relayRssMB: { readonly first: number; readonly most: number };
  readonly agentRssMB: { readonly first: number; readonly most: number };
  /** Everything that was not as it must be; empty: the soak held. */
  readonly breaches: readonly string[];
}

const LINES_EACH_20_MS = 140;
const PAUSE_MS = 250;
const LOG_EVERY_MS = 10_000;

/** Real agents, a real relay and the console's own connection code, over lines that break all the time. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { log } = options;
  const system = await startSmallSystem({
    preferredPort: options.preferredPort,
    // Nobody's line breaks twice a second for minutes: what holds back a runaway must not hold back this.
    relayBindings: { RATE_LIMIT_SCALE: '20' },
  });
  const rigs: Rig[] = [];
  try {
    for (let index = 1; index <= options.rigs; index += 1) {
      rigs.push(await Rig.start(system, `SOAK-${index}`, LINES_EACH_20_MS));
      log(`rig ${index} of ${options.rigs} runs`);
    }
    return await run(system, rigs, options);
  } finally {
    for (const rig of rigs) await rig.dispose();
    await system.dispose();
  }
}

async function run(system: SmallSystem, rigs: readonly Rig[], options: SoakOptions): Promise<SoakReport> {
  const { minutes, log, signal, random } = options;
  const relay = new RelayKiller(system);
  const faults: Partial<Record<FaultKind, number>> = {};
  const resumesMs: number[] = [];
  const breaches: string[] = [];
  const startedMs = performance.now();
  const endMs = startedMs + minutes * 60_000;
  const goesOn = () => performance.now() < endMs && breaches.length === 0 && !signal.aborted;
  const count = () => Object.values(faults).reduce((sum, one) => sum + one, 0);

  const trouble = async (rig: Rig): Promise<void> => {
    while (goesOn()) {
      await delay(random() * PAUSE_MS);
      const kind = pickFault(random);
      try {
        await strike(kind, rig, relay, random);
        await relay.running();
        const tookMs = await rig.resumed();
        if (kind !== 'console killed') resumesMs.push(tookMs);
      } catch (error) {
        breaches.push(
          `${rig.name}, after "${kind}": ${error instanceof Error ? error.message : String(error)}`,
        );
      }
      faults[kind] = (faults[kind] ?? 0) + 1;
      if (rig.output.wrongAt !== null)
        breaches.push(`${rig.name}: wrong output at byte ${rig.output.wrongAt}`);
    }
  };
  const memory = { relay: [] as number[], agent: [] as number[] };
  const watch = async (): Promise<void> => {
    while (goesOn()) {
      await delay(Math.min(LOG_EVERY_MS, endMs - performance.now()));
      memory.relay.push(await residentMB(system.relayPid));
      memory.agent.push(Math.max(...(await Promise.all(rigs.map(({ pid }) => residentMB(pid))))));
      const megabytes = rigs.reduce((sum, { output }) => sum + output.checkedBytes, 0) / 1e6;
      const seconds = Math.round((performance.now() - startedMs) / 1000);
      log(`${seconds} s: ${count()} faults, ${megabytes.toFixed(1)} MB of output as printed`);
    }
  };
  await Promise.all([watch(), ...rigs.map(trouble)]);
  for (const rig of rigs) {
    const fault = await rig.inputFault().catch((error: unknown) => String(error));
    if (fault !== null) breaches.push(`${rig.name}: input ${fault}`);
  }
  return {
    faults,
    faultCount: count(),
    outputBytes: rigs.reduce((sum, { output }) => sum + output.checkedBytes, 0),
    inputLines: rigs.reduce((sum, { typedLines }) => sum + typedLines, 0),
    refusedInputs: rigs.reduce((sum, { refusedInputs }) => sum + refusedInputs, 0),
    resumeP50Ms: resumesMs.length === 0 ? 0 : percentile(resumesMs, 0.5),
    resumeP95Ms: resumesMs.length === 0 ? 0 : percentile(resumesMs, 0.95),
    resumeMaxMs: Math.max(0, ...resumesMs),
    relayRssMB: range(memory.relay),
    agentRssMB: range(memory.agent),
    breaches,
  };
}

function range(samples: readonly number[]): { first: number; most: number } {
  const from = Math.floor(samples.length / 10);
  return { first: samples[from] ?? 0, most: Math.max(0, ...samples.slice(from)) };
}

/** Of a process of this machine; 0 while it is not there. */
async function residentMB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}
