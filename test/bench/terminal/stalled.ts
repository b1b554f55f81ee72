import { setTimeout as delay } from 'node:timers/promises';
import { people } from '../../harness/people.ts';
import { watchMemory } from '../../harness/watch-memory.ts';
import { median, percentile } from '../bench.ts';
import type { BenchRun, Measure } from '../bench.ts';
import { echo, promptAgain, throughput } from './contest.ts';
import { ourShell } from './remote-shell.ts';
import type { RemoteShell } from './remote-shell.ts';
import type { TerminalRig } from './terminal.ts';

const OFFERED_MB = 400;
const STALLED_MS = 5000;
const LIMIT_MS = 120_000;
const KEYS = 200;
const FLOODS = 3;
const GROWTH_GOAL_MB = 16;

/** A console that hangs while a machine prints 400 MB for it: what the relay holds, and what others feel. */
export async function stalledConsole(
  { system, machine, enter }: TerminalRig,
  { log, signal }: BenchRun,
): Promise<readonly Measure[]> {
  const hanging = await system.enter(people.technician);
  const stalled = await hanging.openTerminal(machine.machineId, { keepsOutput: false });
  const other = (await ourShell(await enter(), machine.machineId)()).shell;
  // workerd takes what it needs for a flood once; what a stall adds is asked for.
  await throughput(other, 'flood');
  const before = await feel(other, signal);

  log(`a console hangs, ${OFFERED_MB} MB are printed for it`);
  const memory = watchMemory(system.relayPid);
  const from = stalled.receivedBytes;
  // As a page that hangs: the browser below it still reads and answers pings.
  stalled.draws(false);
  stalled.type(`yes '${'0123456789'.repeat(7)}' | head -c ${OFFERED_MB * 1e6}\r`);
  await delay(STALLED_MS);
  memory.stop();
  const during = await feel(other, signal);
  const seenBytes = stalled.receivedBytes - from;

  log('the console draws again');
  stalled.draws(true);
  await stalled.until('all of it', () => stalled.receivedBytes - from > OFFERED_MB * 1e6, LIMIT_MS);
  const carriedMB = (stalled.receivedBytes - from) / 1e6;
  for (const shell of [stalled, other]) shell.dispose();
  const goal = { atMost: GROWTH_GOAL_MB };
  return [
    { name: 'stalled console: output that it was sent meanwhile', value: seenBytes / 1e6, unit: 'MB' },
    { name: 'stalled console: relay memory grew by', value: memory.growthMB(), unit: 'MB', goal, gate: goal },
    { name: 'stalled console: another session’s echo before, p50', value: before.p50, unit: 'ms' },
    { name: 'stalled console: another session’s echo during, p50', value: during.p50, unit: 'ms' },
    { name: 'stalled console: another session’s echo before, p99', value: before.p99, unit: 'ms' },
    { name: 'stalled console: another session’s echo during, p99', value: during.p99, unit: 'ms' },
    {
      name: 'stalled console: another session’s throughput, during against before',
      value: during.rate / before.rate,
      unit: '×',
      goal: { atLeast: 0.9 },
    },
    { name: 'stalled console: output once it draws again', value: carriedMB, unit: 'MB' },
  ];
}

async function feel(
  shell: RemoteShell,
  signal: AbortSignal,
): Promise<{ p50: number; p99: number; rate: number }> {
  const keys: number[] = [];
  for (let key = 0; key < KEYS && !signal.aborted; key += 1) {
    if (key % 60 === 0) await promptAgain(shell);
    keys.push(await echo(shell));
  }
  await promptAgain(shell);
  const rates: number[] = [];
  for (let round = 0; round < FLOODS && !signal.aborted; round += 1)
    rates.push(await throughput(shell, 'flood'));
  return { p50: median(keys), p99: percentile(keys, 0.99), rate: median(rates) };
}
