const BASE_MS = 250;
/** Somebody waits for it: for the first ten seconds of an outage its end is noticed within one. */
const SOON_MS = 800;
const SOON_FAILURES = 20;
const CEILING_MS = 10_000;

/**
 * How long to wait before a relay is tried again, in milliseconds. Full jitter: anything between nothing and a ceiling,
 * so that those who were cut at once do not come back at once. The ceiling doubles up to 0.8 s, stays there for a while,
 * and doubles on.
 * @param failures consecutive ones so far, from 0
 * @param random 0 ≤ x < 1
 */
export function backoffMs(failures: number, random: () => number): number {
  const soonMs = Math.min(SOON_MS, BASE_MS * 2 ** failures);
  return Math.round(random() * Math.min(CEILING_MS, soonMs * 2 ** Math.max(0, failures - SOON_FAILURES)));
}
