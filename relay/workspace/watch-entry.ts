import { putDue } from '../storage/due.ts';
import type { WorkspaceContext } from './context.ts';
import type { EntryRow } from './entry-row.ts';

/** Look after a live entry by alarm, so that nothing depends on a console's honesty or luck. */
export function watchEntry(context: WorkspaceContext, entry: EntryRow): void {
  const [attempt] = context.sql
    .exec('SELECT 1 FROM attempts WHERE entry_id = ? AND ended_at IS NULL', entry.entry_id)
    .toArray();
  const inMs = attempt !== undefined ? context.config.attemptTimeoutMs : context.config.entryGraceMs;
  putDue(context.sql, `entry:${entry.entry_id}`, context.now() + inMs, 'entry.check', entry.entry_id);
}
