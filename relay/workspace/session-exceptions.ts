// What makes a session deserve the first look, decided once, here, for the cards and for the count in
// `review.completed`. Rules a manager can say aloud; no scores.
import type { SessionException, SessionReview } from '#protocol/records.ts';
import type { CommandOutcome } from './command-outcomes.ts';

/** A console's input is lost, and says so, after an outage of this length: shorter ones lost nothing. */
const LONG_GAP_MS = 10_000;
/** A shell that stands open this long with nothing running in it was forgotten. */
const LONG_IDLE_MS = 30 * 60_000;

const CLEAN_ENDS: ReadonlySet<SessionReview['endReason']> = new Set([null, 'exited', 'closed', 'locked']);

type Judged = Omit<SessionReview, 'exceptions' | 'idleMs' | 'commands'> & {
  readonly commands: readonly CommandOutcome[];
};

export function exceptionsOf(session: Judged, idleMs: number): SessionException[] {
  const { commands, interruptions, blockedPastes, endReason, recordingSha256 } = session;
  const found: Readonly<Record<SessionException, boolean>> = {
    failed_command: commands.some(({ exitCode }) => exitCode !== null && exitCode !== 0),
    untrusted_command: commands.some(({ trusted }) => !trusted),
    blocked_paste: blockedPastes.length > 0,
    long_gap: interruptions.some(({ gapMs }) => gapMs > LONG_GAP_MS),
    long_idle: idleMs > LONG_IDLE_MS,
    odd_end: !CLEAN_ENDS.has(endReason),
    no_recording: endReason !== null && recordingSha256 === null,
  };
  return EXCEPTIONS.filter((exception) => found[exception]);
}

const EXCEPTIONS: readonly SessionException[] = [
  'untrusted_command',
  'blocked_paste',
  'odd_end',
  'no_recording',
  'failed_command',
  'long_gap',
  'long_idle',
];

/** The longest time without a command running. @param nowMs the end of a session that still runs */
export function longestIdleMs({ startedAt, endedAt, commands }: Judged, nowMs: number): number {
  const endAt = endedAt ?? nowMs;
  let freeSince = startedAt;
  let longest = 0;
  for (const command of commands) {
    longest = Math.max(longest, command.startedAt - freeSince);
    freeSince = Math.max(freeSince, command.finishedAt ?? endAt);
  }
  return Math.max(longest, endAt - freeSince);
}
