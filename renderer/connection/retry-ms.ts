import { backoffMs } from '#protocol/backoff.ts';

/** Milliseconds before the next try: the first one after a cut comes at once. @param attempt 0 for the first */
export function retryMs(attempt: number, random: () => number): number {
  return attempt === 0 ? 0 : backoffMs(attempt, random);
}
