import { readFile } from 'node:fs/promises';
import { z } from 'zod';

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The parts of vitest's and Playwright's JSON reports that are counted. */
const vitestReport = z.object({
  startTime: z.number(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});
const playwrightReport = z.object({
  stats: z.object({
    startTime: z.iso.datetime(),
    expected: z.number(),
    unexpected: z.number(),
    flaky: z.number(),
    skipped: z.number(),
  }),
  errors: z.array(z.unknown()),
});

/**
 * Counts the tests of one runner from its JSON report. A report that is missing, malformed or from before `sinceMs`
 * (epoch) means that the runner broke: that counts as one failure. So does each file that could not be loaded.
 */
export async function readTestReport(path: string, sinceMs: number): Promise<TestCounts> {
  const broken: TestCounts = { passed: 0, failed: 1, skipped: 0 };
  let report: unknown;
  try {
    report = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return broken;
  }
  const vitest = vitestReport.safeParse(report);
  if (vitest.success) {
    const { startTime, numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } =
      vitest.data;
    if (startTime < sinceMs) return broken;
    const unloaded = testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    );
    return {
      passed: numPassedTests,
      failed: numFailedTests + unloaded.length,
      skipped: numPendingTests + numTodoTests,
    };
  }
  const playwright = playwrightReport.safeParse(report);
  if (!playwright.success || Date.parse(playwright.data.stats.startTime) < sinceMs) return broken;
  const { expected, unexpected, flaky, skipped } = playwright.data.stats;
  // A test that passes only when tried again has failed.
  return { passed: expected, failed: unexpected + flaky + playwright.data.errors.length, skipped };
}

export function sumCounts(counts: readonly TestCounts[]): TestCounts {
  return {
    passed: counts.reduce((sum, one) => sum + one.passed, 0),
    failed: counts.reduce((sum, one) => sum + one.failed, 0),
    skipped: counts.reduce((sum, one) => sum + one.skipped, 0),
  };
}

/** `12 passed, 0 failed`, with what was skipped after it when there is any. */
export function countsLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
