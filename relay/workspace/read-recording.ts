import type { VerbParams } from '#protocol/control/verbs.ts';
import { refuse } from '#protocol/errors.ts';
import { ulid } from '#protocol/ids.ts';
import { terminalOf } from '../auth/routing.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import type { EntryRow } from './entry-row.ts';
import { recordByPerson } from './record-event.ts';
import { storedSession } from './session-rows.ts';

/**
 * A page of a recording. That somebody reads it is recorded with the first page that this stay asks for, whichever it
 * is, and again whenever it begins at the start.
 */
export async function readRecording(
  context: WorkspaceContext,
  entry: EntryRow,
  { sessionId, cursor, purpose = 'play' }: VerbParams<'recording.read'>,
): Promise<Outcome<'recording.read'>> {
  const session = storedSession(context, sessionId);
  if (session === null) return refuse('not_found');
  const viewing = `${sessionId}:viewed:${entry.entry_id}:`;
  if (cursor === null || !isRecorded(context, viewing)) {
    const opId = `${viewing}${ulid(context.now(), context.random)}`;
    const fields = { session_id: sessionId, viewer: entry.user_id, purpose };
    context.storage.transactionSync(() => recordByPerson(context, entry, 'recording.viewed', opId, fields));
  }
  const terminal = terminalOf(context.env, context.org, session.machine_id, sessionId);
  return terminal.readRecording(context.org, cursor, session.recording_sha256);
}

/** Was an operation recorded whose id begins so? */
function isRecorded(context: WorkspaceContext, opIdStart: string): boolean {
  const found = context.sql.exec(
    'SELECT 1 FROM audit WHERE op_id > ? AND op_id < ? LIMIT 1',
    opIdStart,
    `${opIdStart}~`,
  );
  return found.toArray().length > 0;
}
