import type { ReviewItemId } from '#protocol/ids.ts';
import type {
  AttemptReview,
  BlockedPaste,
  KeyAlertReview,
  PasteReview,
  SessionException,
  SessionReview,
} from '#protocol/records.ts';

interface Card<Id extends ReviewItemId> {
  readonly id: Id;
  readonly atMs: number;
  /** Deserves the first look. */
  readonly exception: boolean;
}

/** One card of the review. */
export type ReviewItem =
  | (Card<AttemptReview['attemptId']> & { readonly kind: 'attempt'; readonly attempt: AttemptReview })
  | (Card<KeyAlertReview['machineId']> & { readonly kind: 'key'; readonly alert: KeyAlertReview })
  | (Card<PasteReview['entryId']> & { readonly kind: 'pastes'; readonly stay: PasteReview })
  | (Card<SessionReview['sessionId']> & { readonly kind: 'session'; readonly session: SessionReview });

export interface Found {
  readonly sessions: readonly SessionReview[];
  readonly attempts: readonly AttemptReview[];
  readonly keyAlerts: readonly KeyAlertReview[];
  readonly pastes: readonly PasteReview[];
}

const RANK: Readonly<Record<ReviewItem['kind'], number>> = { key: 0, attempt: 1, pastes: 2, session: 3 };

/** Keys on two hosts, aborted attempts, stopped pastes, sessions with something odd, then the rest; oldest first in each. */
export function reviewItems({ sessions, attempts, keyAlerts, pastes }: Found): readonly ReviewItem[] {
  const items: ReviewItem[] = [
    ...keyAlerts.map((alert) => ({
      kind: 'key' as const,
      id: alert.machineId,
      atMs: alert.firstAt,
      exception: true,
      alert,
    })),
    ...attempts.map((attempt) => ({
      kind: 'attempt' as const,
      id: attempt.attemptId,
      atMs: attempt.openedAt,
      exception: true,
      attempt,
    })),
    ...pastes.map((stay) => ({
      kind: 'pastes' as const,
      id: stay.entryId,
      atMs: stay.pastes[0]?.at ?? 0,
      exception: true,
      stay,
    })),
    ...sessions.map((session) => ({
      kind: 'session' as const,
      id: session.sessionId,
      atMs: session.startedAt,
      exception: session.exceptions.length > 0,
      session,
    })),
  ];
  const rank = ({ kind, exception }: ReviewItem) => RANK[kind] + (exception ? 0 : 1);
  return items.sort((one, other) => rank(one) - rank(other) || one.atMs - other.atMs);
}

/** What is odd about a session, in words; empty for a clean one. */
export function exceptionTexts(session: SessionReview): readonly string[] {
  return session.exceptions.map((exception) => exceptionText(exception, session));
}

function exceptionText(exception: SessionException, session: SessionReview): string {
  switch (exception) {
    case 'untrusted_command':
      return `${session.commands.filter(({ trusted }) => !trusted).length} not reported by our shell`;
    case 'blocked_paste':
      return session.blockedPastes.length === 1
        ? 'paste stopped'
        : `${session.blockedPastes.length} pastes stopped`;
    case 'odd_end':
      return endReasonText(session).toLowerCase();
    case 'no_recording':
      return 'no recording';
    case 'failed_command':
      return `${failedCommands(session)} failed`;
    case 'long_gap':
      return 'long outage';
    case 'long_idle':
      return 'stood open idle';
  }
}

export function failedCommands({ commands }: SessionReview): number {
  return commands.filter(({ exitCode }) => exitCode !== null && exitCode !== 0).length;
}

const END_TEXT: Readonly<Record<NonNullable<SessionReview['endReason']>, string>> = {
  exited: 'Shell exited',
  closed: 'Closed',
  locked: 'Ended by the lock',
  agent_lost: 'Machine stayed away',
  recording_failed: 'Recording failed',
  recording_full: 'Recording full',
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

/** Where a stopped text came from. */
export const PROVENANCE_TEXT: Readonly<Record<BlockedPaste['provenance'], string>> = {
  other_workspace: 'copied at another client',
  outside: 'from outside the console',
  same: 'copied at this client',
};
