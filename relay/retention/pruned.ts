import { RECORD_DAYS_MAX } from '#protocol/policy.ts';
import type { OrganizationPolicy } from '#protocol/policy.ts';
import { putDue } from '../storage/due.ts';
import type { WorkspaceContext } from '../workspace/context.ts';

/** The task in table `due`, once a day where the policy removes anything. */
export const PRUNE_DUE = 'record.prune';

/** The last event that was removed; 0: none. */
export function prunedUpTo(sql: SqlStorage): number {
  const [row] = sql.exec<{ up_to_seq: number }>('SELECT up_to_seq FROM record_pruned').toArray();
  return row?.up_to_seq ?? 0;
}

/** A policy that removes something is looked at at once, and daily from then on. */
export function watchRetention({ sql, now }: WorkspaceContext, { recordDays }: OrganizationPolicy): void {
  if (recordDays < RECORD_DAYS_MAX) putDue(sql, PRUNE_DUE, now(), PRUNE_DUE, '');
}
