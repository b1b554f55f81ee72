const BASE_MS = 250;
/** Somebody waits for it: for the first ten seconds of an outage its end is noticed within one. */
const SOON_MS = 800;
const SOON_ATTEMPTS = 20;
const CEILING_MS = 10_000;

/**
 * Full jitter: anywhere between nothing and a ceiling, so that many consoles do not come back at once. The ceiling
 * doubles up to 0.8 s, stays there for a while, and doubles on.
 * The first try after a cut comes at once.
 * @param attempt 0 for the first
 */
export function backoffMs(attempt: number, random: () => number): number {
  if (attempt === 0) return 0;
  const soonMs = Math.min(SOON_MS, BASE_MS * 2 ** attempt);
  return Math.round(random() * Math.min(CEILING_MS, soonMs * 2 ** Math.max(0, attempt - SOON_ATTEMPTS)));
}
