// What a console says of a paste. Of a text that was copied at another client even the size is that
// client's: a length and a count of lines are enough to confirm a guess, so they are sealed together.
import type { VerbParams } from '#protocol/control/verbs.ts';
import { refuse } from '#protocol/errors.ts';
import { ulid } from '#protocol/ids.ts';
import { sealText } from '../audit/seal-text.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import type { EntryRow } from './entry-row.ts';
import { recordByPerson } from './record-event.ts';
import { sessionOfEntry } from './session-rows.ts';

export function reportPaste(
  context: WorkspaceContext,
  entry: EntryRow,
  { sessionId, decision, provenance, lines, bytes, controlChars }: VerbParams<'paste.report'>,
): Outcome<'paste.report'> {
  const session = sessionId === null ? null : sessionOfEntry(context, entry.entry_id, sessionId);
  if (sessionId !== null && session === null) return refuse('not_found');
  const size = { lines, bytes, control_chars: controlChars };
  const opId = `paste:${ulid(context.now(), context.random)}`;
  context.storage.transactionSync(() => {
    if (decision === 'blocked') {
      context.sql.exec(
        'INSERT INTO blocked_pastes (at, entry_id, session_id, provenance) VALUES (?, ?, ?, ?)',
        context.now(),
        entry.entry_id,
        sessionId,
        provenance,
      );
    }
    const sealed =
      provenance === 'other_workspace' ? sealText(context.sql, context.random, JSON.stringify(size)) : null;
    recordByPerson(
      context,
      entry,
      `paste.${decision}`,
      opId,
      {
        session_id: sessionId,
        ...(sealed === null ? size : { lines: null, bytes: null, control_chars: null }),
        size_hash: sealed?.hash ?? null,
        provenance,
      },
      { sealed: sealed === null ? [] : [{ field: 'size_hash', sealedId: sealed.sealedId }] },
    );
  });
  return { ok: true, result: {} };
}
