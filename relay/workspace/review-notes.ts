// Notes of reviewers on what a review shows. They are free text, and so may name another client: sealed like a query.
import { z } from 'zod';
import type { VerbParams } from '#protocol/control/verbs.ts';
import { refuse } from '#protocol/errors.ts';
import { NoteId, ReviewItemId, ulid, UserId } from '#protocol/ids.ts';
import type { ReviewNote } from '#protocol/records.ts';
import { sealText } from '../audit/seal-text.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import type { EntryRow } from './entry-row.ts';
import { recordByPerson } from './record-event.ts';

export function addNote(
  context: WorkspaceContext,
  entry: EntryRow,
  { itemId, text }: VerbParams<'review.note'>,
): Outcome<'review.note'> {
  if (!exists(context, itemId)) return refuse('not_found');
  const at = context.now();
  const noteId = NoteId.parse(`not_${ulid(at, context.random)}`);
  context.storage.transactionSync(() => {
    const { sealedId, hash } = sealText(context.sql, context.random, text);
    context.sql.exec(
      'INSERT INTO review_notes (note_id, item_id, at, user_id, user_name, sealed_id) VALUES (?, ?, ?, ?, ?, ?)',
      noteId,
      itemId,
      at,
      entry.user_id,
      entry.name,
      sealedId,
    );
    recordByPerson(
      context,
      entry,
      'review.noted',
      `note:${noteId}`,
      { reviewer: entry.user_id, item_id: itemId, note_hash: hash },
      { sealed: [{ field: 'note_hash', sealedId }] },
    );
  });
  return {
    ok: true,
    result: { note: { noteId, itemId, at, by: { userId: entry.user_id, name: entry.name }, text } },
  };
}

const NoteRow = z.object({
  note_id: NoteId,
  item_id: ReviewItemId,
  at: z.number(),
  user_id: UserId,
  user_name: z.string(),
  text: z.string().nullable(),
});

/** Oldest first. */
export function notesOn(context: WorkspaceContext, itemIds: readonly ReviewItemId[]): ReviewNote[] {
  return context.sql
    .exec(
      `SELECT n.note_id, n.item_id, n.at, n.user_id, n.user_name, s.text FROM review_notes n
       LEFT JOIN sealed s ON s.sealed_id = n.sealed_id
       WHERE n.item_id IN (SELECT value FROM json_each(?)) ORDER BY n.at, n.note_id`,
      JSON.stringify(itemIds),
    )
    .toArray()
    .map((row) => {
      const note = NoteRow.parse(row);
      return {
        noteId: note.note_id,
        itemId: note.item_id,
        at: note.at,
        by: { userId: note.user_id, name: note.user_name },
        text: note.text ?? '(erased)',
      };
    });
}

/** In this workspace. */
function exists(context: WorkspaceContext, itemId: ReviewItemId): boolean {
  const [found] = context.sql
    .exec(
      `SELECT 1 FROM sessions WHERE session_id = ?1 UNION ALL SELECT 1 FROM attempts WHERE attempt_id = ?1
       UNION ALL SELECT 1 FROM key_sightings WHERE machine_id = ?1
       UNION ALL SELECT 1 FROM blocked_pastes WHERE entry_id = ?1 LIMIT 1`,
      itemId,
    )
    .toArray();
  return found !== undefined;
}
