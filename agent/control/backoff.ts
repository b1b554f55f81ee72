const BASE_MS = 250;
const CAP_MS = 10_000;

/**
 * Full jitter: anything between nothing and the doubled delay, so that agents cut at once do not come back at once.
 * @param failures consecutive failures so far, from 0
 * @returns milliseconds to wait
 */
export function backoffMs(failures: number, random: () => number): number {
  return Math.round(random() * Math.min(CAP_MS, BASE_MS * 2 ** Math.min(failures, 16)));
}
