import type { ErrorCode } from '#protocol/errors.ts';

const BASE_MS = 250;
/** Somebody waits for it: for the first ten seconds of an outage its end is noticed within one. */
const SOON_MS = 800;
const SOON_FAILURES = 20;
const CAP_MS = 10_000;
const IDLE_SPREAD_MS = 10_000;
/** What only a person can mend is asked for rarely, by hosts that do not fall into step. */
const SLOW_MS: Partial<Readonly<Record<ErrorCode, number>>> = {
  credential_superseded: 60_000,
  machine_quarantined: 5 * 60_000,
};

/**
 * Full jitter: anything between nothing and a ceiling, so that agents cut at once do not come back at once. The ceiling
 * doubles up to 0.8 s, stays there for a while, and doubles on.
 * @param failures consecutive failures so far, from 0
 * @returns milliseconds to wait
 */
export function backoffMs(failures: number, random: () => number): number {
  const soonMs = Math.min(SOON_MS, BASE_MS * 2 ** failures);
  return Math.round(random() * Math.min(CAP_MS, soonMs * 2 ** Math.max(0, failures - SOON_FAILURES)));
}

/**
 * The same for a machine that nobody works on: after the first try it takes its place anywhere within 10 s, so that
 * thousands do not come back in the one second in which their relay started again.
 */
export function idleBackoffMs(failures: number, random: () => number): number {
  return failures === 0 ? backoffMs(0, random) : Math.round(random() * IDLE_SPREAD_MS);
}

/** Milliseconds to wait after a refusal that a person has to look at, null for any other close. */
export function slowRetryMs(code: ErrorCode | null, random: () => number): number | null {
  const slow = code === null ? undefined : SLOW_MS[code];
  return slow === undefined ? null : Math.round(slow * (1 + random()));
}
