import { backoffMs } from '#protocol/backoff.ts';
import type { ErrorCode } from '#protocol/errors.ts';

const IDLE_SPREAD_MS = 10_000;
/** What only a person can mend is asked for rarely, by hosts that do not fall into step. */
const SLOW_MS: Partial<Readonly<Record<ErrorCode, number>>> = {
  credential_superseded: 60_000,
  machine_quarantined: 5 * 60_000,
};

/**
 * As backoffMs, for a machine that nobody works on: after the first try it takes its place anywhere within 10 s, so that
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
