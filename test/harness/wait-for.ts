import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 25;
const LIMIT_MS = 15_000;

/**
 * Wait until `probe` gives something (not undefined, null or false), asking again every 25 ms.
 * @throws Error naming `what` after `limitMs`
 */
export async function waitFor<T>(
  what: string,
  probe: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  limitMs = LIMIT_MS,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    const found = await probe();
    if (found !== undefined && found !== null && found !== false) return found;
    await delay(POLL_MS);
  }
  throw new Error(`gave up waiting for ${what} after ${limitMs} ms`);
}
