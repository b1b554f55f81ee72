import type { SessionId } from '#protocol/ids.ts';
import type { SessionEndReason } from '#protocol/records.ts';
import { putDue } from '../storage/due.ts';
import type { WorkspaceContext } from './context.ts';

/** Have the session ended; kept in the outbox until its object has taken it over. */
export function requestEnd(context: WorkspaceContext, sessionId: SessionId, reason: SessionEndReason): void {
  const arg = JSON.stringify({ sessionId, reason });
  putDue(context.sql, `end:${sessionId}`, context.now(), 'session.end', arg);
  context.runDueNow();
}
