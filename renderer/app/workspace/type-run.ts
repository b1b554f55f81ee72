import type { BegunRun } from '../../features/runbooks/index.ts';
import type { SessionsStore } from '../../features/sessions/index.ts';
import type { CallError } from '../../connection/call-error.ts';

const ELSEWHERE: CallError = {
  code: 'runbook_session_not_shown',
  text: 'Nothing was typed: another session was shown before the run began. Show the session it was meant for, then run it again.',
  retryable: false,
};

/**
 * Types a run into the session that it was recorded for: the relay's answer takes time, and meanwhile another one may
 * have the keyboard. Then nothing is typed. @param shown sessions are what is shown @returns null: it runs
 */
export function typeRun(
  sessions: Pick<SessionsStore, 'store' | 'activeSession'>,
  shown: boolean,
  run: BegunRun,
): CallError | null {
  const meant = sessions.store
    .getState()
    .sessions.find(({ store }) => store.getState().sessionId === run.sessionId);
  const active = sessions.activeSession();
  if (shown && meant !== undefined && meant === active && !meant.over) {
    meant.run(run);
    return null;
  }
  meant?.hint(ELSEWHERE.text);
  active?.hint(ELSEWHERE.text);
  return ELSEWHERE;
}
