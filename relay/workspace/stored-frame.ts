// The workspace frame: derived from the organization's id until an administrator's console stores one.
import type { VerbParams } from '#protocol/control/verbs.ts';
import { refuse } from '#protocol/errors.ts';
import { ulid } from '#protocol/ids.ts';
import { derivedFrame, WorkspaceFrame } from '#protocol/workspace-frame.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import type { EntryRow } from './entry-row.ts';
import { recordByPerson } from './record-event.ts';

function storedFrame(context: WorkspaceContext): WorkspaceFrame | null {
  const [row] = context.sql.exec<{ json: string }>('SELECT json FROM workspace_frame').toArray();
  return row === undefined ? null : WorkspaceFrame.parse(JSON.parse(row.json));
}

export function hasStoredFrame(context: WorkspaceContext): boolean {
  return storedFrame(context) !== null;
}

export function currentFrame(context: WorkspaceContext): WorkspaceFrame {
  return storedFrame(context) ?? derivedFrame(context.org);
}

/** Compare and set: `conflict` when the stored frame is not what the caller saw. What is renamed here could be taken for another client. */
export function setFrame(
  context: WorkspaceContext,
  entry: EntryRow,
  { expected, frame }: VerbParams<'frame.set'>,
): Outcome<'frame.set'> {
  return context.storage.transactionSync(() => {
    const stored = storedFrame(context);
    if (JSON.stringify(stored) !== JSON.stringify(expected)) return refuse('conflict');
    if (stored !== null && stored.name !== frame.name) return refuse('frame_name_kept');
    context.sql.exec(
      'INSERT INTO workspace_frame (only, json) VALUES (1, ?) ON CONFLICT (only) DO UPDATE SET json = excluded.json',
      JSON.stringify(frame),
    );
    recordByPerson(
      context,
      entry,
      'policy.changed',
      `${entry.entry_id}:frame:${ulid(context.now(), context.random)}`,
      {
        policy: 'frame',
        before: stored === null ? null : marks(stored),
        after: marks(frame),
      },
    );
    return { ok: true, result: {} };
  });
}

function marks({ colour, glyph, code }: WorkspaceFrame): Pick<WorkspaceFrame, 'colour' | 'glyph' | 'code'> {
  return { colour, glyph, code };
}
