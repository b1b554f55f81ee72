import type { AttemptReview, KeyAlertReview, SessionReview } from '#protocol/records.ts';

/** One card of the review. `exception`: what deserves the first look. */
export type ReviewItem =
  | {
      readonly kind: 'attempt';
      readonly id: string;
      readonly atMs: number;
      readonly exception: true;
      readonly attempt: AttemptReview;
    }
  | {
      readonly kind: 'key';
      readonly id: string;
      readonly atMs: number;
      readonly exception: true;
      readonly alert: KeyAlertReview;
    }
  | {
      readonly kind: 'session';
      readonly id: string;
      readonly atMs: number;
      readonly exception: boolean;
      readonly session: SessionReview;
    };

const ODD_ENDS: ReadonlySet<SessionReview['endReason']> = new Set([
  'agent_lost',
  'recording_failed',
  'access_revoked',
]);

/** Keys seen on two hosts, aborted attempts, then sessions with something odd, then the rest; oldest first in each. */
export function reviewItems(found: {
  readonly sessions: readonly SessionReview[];
  readonly attempts: readonly AttemptReview[];
  readonly keyAlerts: readonly KeyAlertReview[];
}): readonly ReviewItem[] {
  const keys = found.keyAlerts.map((alert): ReviewItem => ({
    kind: 'key',
    id: alert.machineId,
    atMs: alert.firstAt,
    exception: true,
    alert,
  }));
  const attempts = found.attempts.map((attempt): ReviewItem => ({
    kind: 'attempt',
    id: attempt.attemptId,
    atMs: attempt.openedAt,
    exception: true,
    attempt,
  }));
  const sessions = found.sessions.map((session): ReviewItem => ({
    kind: 'session',
    id: session.sessionId,
    atMs: session.startedAt,
    exception: oddities(session).length > 0,
    session,
  }));
  const rank = ({ kind, exception }: ReviewItem) =>
    kind === 'key' ? 0 : kind === 'attempt' ? 1 : exception ? 2 : 3;
  return [...keys, ...attempts, ...sessions].sort(
    (one, other) => rank(one) - rank(other) || one.atMs - other.atMs,
  );
}

/** What is odd about a session, in words; empty for a clean one. */
export function oddities(session: SessionReview): readonly string[] {
  const untrusted = session.commands.filter(({ trusted }) => !trusted).length;
  return [
    ...(ODD_ENDS.has(session.endReason) ? [endReasonText(session)] : []),
    ...(session.endReason !== null && session.recordingSha256 === null ? ['No recording'] : []),
    ...(untrusted > 0 ? [`${untrusted} not reported by our shell`] : []),
  ];
}

const END_TEXT: Readonly<Record<NonNullable<SessionReview['endReason']>, string>> = {
  exited: 'Shell exited',
  closed: 'Closed',
  locked: 'Ended by the lock',
  agent_lost: 'Machine stayed away',
  recording_failed: 'Recording failed',
  access_revoked: 'Access revoked',
  timed_out: 'Timed out',
};

export function endReasonText({ endReason, exitCode }: SessionReview): string {
  if (endReason === null) return 'Still running';
  return endReason === 'exited' && exitCode !== null ? `Shell exited ${exitCode}` : END_TEXT[endReason];
}

const ATTEMPT_TEXT: Readonly<Record<AttemptReview['reason'], string>> = {
  switched: 'Switched to another client',
  locked: 'Locked',
  closed: 'Closed the window',
  dismissed: 'Gave up',
  timed_out: 'Connection lost and never came back',
  unreachable: 'Machine did not answer',
  denied: 'Was refused',
};

export function attemptReasonText({ reason }: AttemptReview): string {
  return ATTEMPT_TEXT[reason];
}
