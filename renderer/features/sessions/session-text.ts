import type { SessionEndReason } from '#protocol/records.ts';

const REASONS: Readonly<Record<Exclude<SessionEndReason, 'exited'>, string>> = {
  closed: 'Session closed',
  locked: 'Session ended: the client was locked',
  agent_lost: 'Session ended: the machine stayed away',
  recording_failed: 'Session ended: it could not be recorded',
  access_revoked: 'Session ended: your access was revoked',
  timed_out: 'Session ended: nobody used it for too long',
};

export function endText({
  reason,
  exitCode,
}: {
  readonly reason: SessionEndReason;
  readonly exitCode: number | null;
}): string {
  if (reason !== 'exited') return REASONS[reason];
  return exitCode === null ? 'Session ended' : `Session ended · exit ${exitCode}`;
}
