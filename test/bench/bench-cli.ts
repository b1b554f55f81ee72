// `npm run bench -- <subject>`: measures speed and memory of the real parts, against a baseline of the same run where
// there is one. Goals are printed beside the figures; missing one is a finding, never an error of the run.
// Ends with 1 when a gate was missed or a bench itself failed.
import {
  EXIT_FAILED,
  EXIT_INTERRUPTED,
  logToStderr,
  readOptions,
  wrongUsage,
} from '../../build/command-line.ts';
import { onScreen } from '../harness/on-screen.ts';
import { agentsBench } from './agents.ts';
import { auditBench } from './audit.ts';
import type { Bench, Bound, Measure } from './bench.ts';
import { reached } from './bench.ts';
import { desktopBench } from './desktop/desktop.ts';
import { escapeBench } from './escape.ts';
import { reviewBench } from './review.ts';
import { searchBench } from './search.ts';
import { terminalBench } from './terminal/terminal.ts';

const benches: readonly Bench[] = [
  agentsBench,
  auditBench,
  desktopBench,
  escapeBench,
  reviewBench,
  searchBench,
  terminalBench,
];

const list = benches.map(({ name, says }) => `  ${name.padEnd(10)} ${says}`).join('\n');
const USAGE = `usage: npm run bench -- <subject> [options]\n\n${list}\n
  --json       print the figures as JSON
  --only P     one part of the subject: ${benches.flatMap(({ parts }) => parts ?? []).join(', ')}`;

const [subject, ...rest] = process.argv.slice(2);
if (subject === undefined || subject.startsWith('-'))
  readOptions(USAGE, {}, subject === undefined ? [] : [subject]);
const options = readOptions(USAGE, { json: { type: 'boolean' }, only: { type: 'string' } }, rest);
const bench = benches.find(({ name }) => name === subject);
if (bench === undefined) wrongUsage(`There is no bench "${subject ?? ''}".`, USAGE);
const only = options.only ?? null;
if (only !== null && bench.parts?.includes(only) !== true) {
  wrongUsage(`The bench "${bench.name}" has no part "${only}".`, USAGE);
}

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
if (bench.needsScreen === true) {
  const args = process.argv.slice(2);
  process.exitCode = await onScreen({ module: 'test/bench/bench-cli.ts', args, log: logToStderr }, () =>
    measure(bench),
  );
} else process.exitCode = await measure(bench);

async function measure(bench: Bench): Promise<number> {
  const measures = await bench.run({ log: logToStderr, signal: interrupted.signal, only });
  const json = () => `${JSON.stringify({ bench: bench.name, measures }, null, 2)}\n`;
  process.stdout.write(options.json === true ? json() : table(measures));
  if (interrupted.signal.aborted) return EXIT_INTERRUPTED;
  return measures.some(({ value, gate }) => reached(value, gate) === false) ? EXIT_FAILED : 0;
}

function table(rows: readonly Measure[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows
    .map((row) => {
      const value = row.value.toLocaleString('en', { maximumFractionDigits: 2 }).padStart(12);
      return `${mark(row)} ${row.name.padEnd(width)} ${value} ${row.unit.padEnd(5)} ${boundsOf(row)}`.trimEnd();
    })
    .join('\n')
    .concat('\n');
}

function mark({ value, goal, gate }: Measure): string {
  if (reached(value, gate) === false) return '✗✗';
  const met = reached(value, goal) ?? reached(value, gate);
  return met === null ? '  ' : met ? ' ✓' : ' ✗';
}

function boundsOf({ goal, gate }: Measure): string {
  return [goal && `goal ${text(goal)}`, gate && `gate ${text(gate)}`].filter(Boolean).join(', ');
}

function text(bound: Bound): string {
  return 'atMost' in bound ? `≤ ${bound.atMost}` : `≥ ${bound.atLeast}`;
}
