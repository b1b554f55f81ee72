import { expect, it } from 'vitest';
import { soak } from '../soak/soak.ts';

const MINUTES = 1;
/** The minute, the start and, on a busy machine, the last thing that takes its time to come back. */
const LIMIT_MS = 240_000;

// What `npm run soak` does for ten minutes. How fast a session goes on is judged there, on a machine of its own.
it('loses, doubles and reorders no byte in a minute of faults', { timeout: LIMIT_MS }, async () => {
  const report = await soak({
    minutes: MINUTES,
    rigs: 2,
    preferredPort: 19_900,
    log: () => {},
    signal: new AbortController().signal,
    random: Math.random,
  });
  expect(report.breaches).toEqual([]);
  expect(report.faultCount).toBeGreaterThan(30);
  expect(report.outputBytes).toBeGreaterThan(1e6);
  expect(report.inputLines).toBeGreaterThan(0);
});
