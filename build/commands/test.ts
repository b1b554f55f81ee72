// `npm test`: everything that must hold, one phase after the other: check, build, unit and system tests, end to end.
// A failed phase does not keep the next from running, but for a build without which nothing could.
// The last line sums up the tests; a failed check or build counts in it as one failure.

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT_FAILED, logToStderr, readOptions, wrongUsage } from '../command-line.ts';
import { ensureTestPackages } from '../debian.ts';
import { withDisplay } from '../display.ts';
import { ordinaryUser, runInForeground } from '../ordinary-user.ts';
import { prepareConsole } from '../prepare-console.ts';
import { repositoryRoot } from '../repository-root.ts';
import { runAsOrdinaryUser, stageFolder } from '../staging.ts';
import { countsLine, readTestReport, sumCounts, type TestCounts } from '../test-report.ts';

const phaseNames = ['check', 'build', 'unit', 'e2e'] as const;
type PhaseName = (typeof phaseNames)[number];

const usage = `usage: npm test -- [options]

  --only <phase>   only this phase: ${phaseNames.join(', ')}
  --grep <text>    only tests whose name has this text`;

const options = readOptions(usage, { only: { type: 'string' }, grep: { type: 'string' } });
const only = phaseNames.find((name) => name === options.only);
if (options.only !== undefined && only === undefined) wrongUsage(`Unknown phase: ${options.only}`, usage);

const reports = join('.cache', 'reports');
const held: TestCounts = { passed: 0, failed: 0, skipped: 0 };
const broken: TestCounts = { passed: 0, failed: 1, skipped: 0 };

/** What a phase found; `counts` is undefined for one that runs no tests. */
interface Outcome {
  readonly counts: TestCounts;
  readonly says: string;
}

function gate(ok: boolean): Outcome {
  return ok ? { counts: held, says: 'clean' } : { counts: broken, says: 'failed' };
}

/** A runner that ends badly although its report shows no failure has broken in some other way. */
function judged(counts: TestCounts, exitCode: number): Outcome {
  const honest = exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  return { counts: honest, says: countsLine(honest) };
}

const phases: Record<PhaseName, () => Promise<Outcome>> = {
  check: async () => gate((await nodeModule('build/commands/check.ts', [])) === 0),

  build: async () => {
    const prepared = await prepareConsole({ log: logToStderr });
    if (!prepared.ok) logToStderr(`${prepared.code}: ${prepared.message}\n${prepared.next}`);
    return gate(prepared.ok);
  },

  unit: async () => {
    const lacking = await ensureTestPackages(logToStderr);
    if (lacking !== undefined) return refused(lacking);
    const sinceMs = Date.now();
    const report = join(repositoryRoot, reports, 'vitest.json');
    const exitCode = await nodeModule('node_modules/vitest/vitest.mjs', [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...(options.grep === undefined ? [] : ['-t', options.grep, '--passWithNoTests']),
    ]);
    return judged(await readTestReport(report, sinceMs), exitCode);
  },

  e2e: async () => {
    const user = await ordinaryUser(process.env);
    if (user?.ok === false) return refused(user);
    const display = await withDisplay({
      env: process.env,
      ...(user === undefined ? {} : { user }),
      log: logToStderr,
    });
    if (!display.ok) return refused(display);
    try {
      const sinceMs = Date.now();
      const exitCode = await endToEnd(display.env);
      if (typeof exitCode !== 'number') return refused(exitCode);
      const report = join(repositoryRoot, reports, 'playwright.json');
      return judged(await readTestReport(report, sinceMs), exitCode);
    } finally {
      await display.dispose();
    }
  },
};

async function endToEnd(displayEnv: Readonly<Record<string, string>>) {
  const module = 'node_modules/@playwright/test/cli.js';
  const args = [
    'test',
    '--config=test/e2e/playwright.config.ts',
    '--reporter=list,json',
    // Below a folder that the ordinary user may write; Playwright removes and makes its own.
    '--output=test-results/e2e',
    ...(options.grep === undefined ? [] : ['--grep', options.grep, '--pass-with-no-tests']),
  ];
  const env = {
    ...process.env,
    ...displayEnv,
    // Relative to the checkout it runs in, which may be the staged copy.
    PLAYWRIGHT_JSON_OUTPUT_FILE: join(reports, 'playwright.json'),
  };
  const bring = [reports, 'test-results'];
  const asUser = await runAsOrdinaryUser({ module, args, env, bring, log: logToStderr });
  return asUser ?? nodeModule(module, args, env);
}

function refused(failure: {
  readonly code: string;
  readonly message: string;
  readonly next: string;
}): Outcome {
  logToStderr(`${failure.code}: ${failure.message}\n${failure.next}`);
  return gate(false);
}

function nodeModule(
  module: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const invocation = { command: process.execPath, args: [join(repositoryRoot, module), ...args], env };
  return runInForeground(invocation, repositoryRoot);
}

await rm(join(repositoryRoot, reports), { recursive: true, force: true });
await rm(join(stageFolder(), 'checkout', reports), { recursive: true, force: true });
await mkdir(join(repositoryRoot, reports), { recursive: true });

const summary: string[] = [];
const counts: TestCounts[] = [];
// What the tests run is prepared by the build, so asking for the tests alone includes it.
const wanted = only === undefined ? phaseNames : only === 'check' ? [only] : (['build', only] as const);
for (const name of new Set(wanted)) {
  process.stdout.write(`\n── ${name} ──\n`);
  const startedMs = performance.now();
  const outcome = await phases[name]();
  counts.push(outcome.counts);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  const mark = outcome.counts.failed === 0 ? '✓' : '✗';
  summary.push(`${mark} ${name.padEnd(6)} ${seconds.padStart(6)} s  ${outcome.says}`);
  if (name === 'build' && outcome.counts.failed > 0) break;
}
const total = sumCounts(counts);
process.stdout.write(`\n${summary.join('\n')}\n\n${countsLine(total)}\n`);
if (total.failed > 0) process.exitCode = EXIT_FAILED;
