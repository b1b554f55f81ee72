import type { OrganizationPolicy } from '#protocol/policy.ts';
import type { EntryId } from '#protocol/ids.ts';
import { TOKEN_GRACE_MS } from '../auth/clerk-token.ts';
import type { VerifiedPerson } from '../auth/clerk-token.ts';
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

/** Consoles are told so long before a limit ends their stay. */
export const LIMIT_WARNING_MS = 120_000;

/** Have the alarm look when the entry's idle time or its maximum age is nearly over, then when it is. */
export function watchLimits(context: WorkspaceContext, entry: EntryRow, policy: OrganizationPolicy): void {
  const { idleAt, maxAgeAt } = limitsOf(entry, policy);
  const endsAt = Math.min(idleAt, maxAgeAt);
  const warnAt = endsAt - LIMIT_WARNING_MS;
  const at = context.now() < warnAt ? warnAt : endsAt;
  putDue(context.sql, `limit:${entry.entry_id}`, at, 'entry.limit', entry.entry_id);
}

/**
 * Have the entry's terminals looked at when its newest token ends: whatever became of the socket that renews
 * it, none of them outlives the proof.
 */
export function watchProof(context: WorkspaceContext, entryId: EntryId, person: VerifiedPerson): void {
  putDue(context.sql, `detach:${entryId}`, person.expiresAt + TOKEN_GRACE_MS, 'sessions.detach', entryId);
}

/** Epoch ms at which an entry that nobody touches again ends. */
export function limitsOf(
  entry: EntryRow,
  policy: OrganizationPolicy,
): { readonly idleAt: number; readonly maxAgeAt: number } {
  return {
    idleAt: entry.active_at + policy.entryIdleMinutes * 60_000,
    maxAgeAt: entry.opened_at + policy.entryMaxMinutes * 60_000,
  };
}
