const BASE_MS = 250;
const CEILING_MS = 10_000;

/**
 * Full jitter: anywhere between nothing and a ceiling that doubles, so that many consoles do not come back at once.
 * The first try after a cut comes at once.
 * @param attempt 0 for the first
 */
export function backoffMs(attempt: number, random: () => number): number {
  if (attempt === 0) return 0;
  return Math.round(random() * Math.min(CEILING_MS, BASE_MS * 2 ** attempt));
}
