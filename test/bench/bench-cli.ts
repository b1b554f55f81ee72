// `npm run bench -- <subject>`: measures speed and memory of the real parts, against a baseline of the same run where
// there is one. Goals are printed beside the figures; missing one is a finding, never an error of the run.
// Ends with 1 when a bench itself failed.
import { EXIT_INTERRUPTED, logToStderr, readOptions, wrongUsage } from '../../build/command-line.ts';
import { agentsBench } from './agents.ts';
import { auditBench } from './audit.ts';
import type { Bench, Measure } from './bench.ts';
import { reached } from './bench.ts';
import { escapeBench } from './escape.ts';
import { searchBench } from './search.ts';

const benches: readonly Bench[] = [agentsBench, auditBench, escapeBench, searchBench];

const list = benches.map(({ name, says }) => `  ${name.padEnd(10)} ${says}`).join('\n');
const USAGE = `usage: npm run bench -- <subject> [options]\n\n${list}\n\n  --json   print the figures as JSON`;

const [subject, ...rest] = process.argv.slice(2);
if (subject === undefined || subject.startsWith('-'))
  readOptions(USAGE, {}, subject === undefined ? [] : [subject]);
const options = readOptions(USAGE, { json: { type: 'boolean' } }, rest);
const bench = benches.find(({ name }) => name === subject);
if (bench === undefined) wrongUsage(`There is no bench "${subject ?? ''}".`, USAGE);

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
const measures = await bench.run({ log: logToStderr, signal: interrupted.signal });
process.stdout.write(
  options.json === true ? `${JSON.stringify({ bench: bench.name, measures }, null, 2)}\n` : table(measures),
);
if (interrupted.signal.aborted) process.exitCode = EXIT_INTERRUPTED;

function table(rows: readonly Measure[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows
    .map((row) => {
      const value = row.value.toLocaleString('en', { maximumFractionDigits: 2 }).padStart(12);
      return `${mark(row)} ${row.name.padEnd(width)} ${value} ${row.unit.padEnd(5)} ${goalOf(row)}`.trimEnd();
    })
    .join('\n')
    .concat('\n');
}

function mark(row: Measure): string {
  const met = reached(row);
  return met === null ? ' ' : met ? '✓' : '✗';
}

function goalOf({ goal }: Measure): string {
  if (goal === undefined) return '';
  return 'atMost' in goal ? `goal ≤ ${goal.atMost}` : `goal ≥ ${goal.atLeast}`;
}
