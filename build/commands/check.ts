// `npm run check`: types, lint, format, unused code and the house rules, side by side; the one gate before a commit.
// Each check prints one line, and its findings where it has any.
// Ends with 1 when any of them found something.

import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { EXIT_FAILED, readOptions } from '../command-line.ts';
import { houseRuleBreaches } from '../house-rules.ts';
import { repositoryRoot } from '../repository-root.ts';

interface Finding {
  readonly clean: boolean;
  readonly output: string;
}

interface Check {
  readonly name: string;
  readonly run: () => Promise<Finding>;
}

/**
 * The compiler and the type-aware linter each take every processor that they see. Side by side on two cores they spend
 * a third of it on getting in each other's way, so each is given half.
 */
const halfTheProcessors = String(Math.max(1, Math.floor(availableParallelism() / 2)));

const checks: readonly Check[] = [
  { name: 'types', run: () => tool('tsc', ['-b', '--pretty', '--checkers', halfTheProcessors]) },
  { name: 'lint', run: () => tool('oxlint', ['.']) },
  { name: 'format', run: () => tool('oxfmt', ['--check', '.']) },
  { name: 'unused code', run: () => tool('knip', ['--no-progress', '--no-config-hints']) },
  { name: 'house rules', run: houseRules },
];

/** Runs a tool of node_modules/.bin, which run.mjs has put on PATH. */
function tool(command: string, args: readonly string[]): Promise<Finding> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: repositoryRoot,
      env: { ...process.env, GOMAXPROCS: halfTheProcessors },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve({ clean: false, output: error.message }));
    child.once('close', (code) => resolve({ clean: code === 0, output }));
  });
}

async function houseRules(): Promise<Finding> {
  const breaches = await houseRuleBreaches(repositoryRoot);
  return { clean: breaches.length === 0, output: breaches.join('\n') };
}

async function report({ name, run }: Check): Promise<boolean> {
  const startedMs = performance.now();
  const { clean, output } = await run();
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  process.stdout.write(`${clean ? '✓' : '✗'} ${name.padEnd(12)} ${seconds.padStart(5)} s\n`);
  if (!clean) process.stdout.write(`${output.trim().replaceAll(/^/gm, '    ')}\n\n`);
  return clean;
}

readOptions('usage: npm run check\n\nTypes, lint, format, unused code and house rules. No options.', {});
const startedMs = performance.now();
const clean = await Promise.all(checks.map(report));
const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
const failing = clean.filter((one) => !one).length;
process.stdout.write(
  failing === 0
    ? `check: clean in ${seconds} s\n`
    : `check: ${failing} of ${checks.length} found something\n`,
);
if (failing > 0) process.exitCode = EXIT_FAILED;
