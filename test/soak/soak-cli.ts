// `npm run soak`: sessions over lines that break, a relay that is killed and consoles that die, for minutes on end.
// What was printed must arrive to the byte and what was typed once, in order. Ends with 1 when anything did not,
// or when a session mostly takes too long to go on.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  EXIT_FAILED,
  EXIT_INTERRUPTED,
  logToStderr,
  readOptions,
  wrongUsage,
} from '../../build/command-line.ts';
import { repositoryRoot } from '../../build/repository-root.ts';
import { soak } from './soak.ts';
import type { SoakReport } from './soak.ts';

/** Once nothing is in the way any more, and console kills aside. */
const RESUME_P95_GOAL_MS = 2000;

const USAGE = `usage: npm run soak -- [options]

  --minutes N   how long (10 unless told)
  --rigs N      consoles and machines at once (3 unless told)
  --report F    where the report goes (.cache/reports/soak.json unless told)`;

const options = readOptions(USAGE, {
  minutes: { type: 'string', default: '10' },
  rigs: { type: 'string', default: '3' },
  report: { type: 'string', default: join(repositoryRoot, '.cache/reports/soak.json') },
});
const minutes = positive('--minutes', options.minutes);
const rigs = positive('--rigs', options.rigs);

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
const report = await soak({
  minutes,
  rigs,
  preferredPort: 48_880,
  log: logToStderr,
  signal: interrupted.signal,
  random: Math.random,
});
await mkdir(dirname(options.report), { recursive: true });
await writeFile(options.report, `${JSON.stringify(report, null, 2)}\n`);
process.stdout.write(text(report));
if (report.breaches.length > 0 || report.resumeP95Ms > RESUME_P95_GOAL_MS) process.exitCode = EXIT_FAILED;
else if (interrupted.signal.aborted) process.exitCode = EXIT_INTERRUPTED;

function positive(name: string, value: string): number {
  const number = Number(value);
  if (!(number > 0)) return wrongUsage(`${name} takes a number above 0, not "${value}".`, USAGE);
  return number;
}

function text(done: SoakReport): string {
  const kinds = Object.entries(done.faults).toSorted(([, a], [, b]) => b - a);
  return [
    ...kinds.map(([kind, times]) => `  ${String(times).padStart(5)}  ${kind}`),
    `memory: relay ${mb(done.relayRssMB)}, an agent ${mb(done.agentRssMB)}`,
    `resume: p50 ${ms(done.resumeP50Ms)}, p95 ${ms(done.resumeP95Ms)} (goal ≤ ${ms(RESUME_P95_GOAL_MS)}), ` +
      `longest ${ms(done.resumeMaxMs)}`,
    ...done.breaches.map((breach) => `BREACH ${breach}`),
    `soak: ${done.faultCount} faults, ${(done.outputBytes / 1e6).toFixed(1)} MB of output, ${done.inputLines} inputs, ` +
      `${done.breaches.length} breaches\n`,
  ].join('\n');
}

function mb({ first, most }: { first: number; most: number }): string {
  return `${first.toFixed(0)} MB, at most ${most.toFixed(0)} MB`;
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}
