// The organization's policy: the default until an administrator stores one, and never looser than the
// relay's own configuration.
import { DEFAULT_POLICY, OrganizationPolicy } from '#protocol/policy.ts';
import { refuse } from '#protocol/errors.ts';
import type { VerbParams } from '#protocol/control/verbs.ts';
import { ulid } from '#protocol/ids.ts';
import type { VerifiedPerson } from '../auth/clerk-token.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import { liveEntries } from './entry-row.ts';
import type { EntryRow } from './entry-row.ts';
import { recordByPerson } from './record-event.ts';
import { watchRetention } from '../retention/pruned.ts';
import { watchLimits } from './watch-entry.ts';

function storedPolicy(context: WorkspaceContext): OrganizationPolicy | null {
  const [row] = context.sql.exec<{ json: string }>('SELECT json FROM organization_policy').toArray();
  return row === undefined ? null : OrganizationPolicy.parse(JSON.parse(row.json));
}

/** What holds now. */
export function currentPolicy(context: WorkspaceContext): OrganizationPolicy {
  const policy = storedPolicy(context) ?? DEFAULT_POLICY;
  const { freshSignInMinutes } = context.config;
  return { ...policy, freshSignInMinutes: Math.min(policy.freshSignInMinutes, freshSignInMinutes) };
}

export function getPolicy(context: WorkspaceContext): Outcome<'policy.get'> {
  const { freshSignInMinutes } = context.config;
  return {
    ok: true,
    result: { policy: currentPolicy(context), freshSignInMinutesMax: freshSignInMinutes },
  };
}

/** Compare and set: `conflict` when what holds is not what the caller saw. */
export function setPolicy(
  context: WorkspaceContext,
  entry: EntryRow,
  person: VerifiedPerson,
  { expected, policy }: VerbParams<'policy.set'>,
): Outcome<'policy.set'> {
  if (policy.freshSignInMinutes > context.config.freshSignInMinutes) {
    return refuse('message_invalid', 'policy.freshSignInMinutes');
  }
  if (policy.entryIdleMinutes > policy.entryMaxMinutes) {
    return refuse('message_invalid', 'policy.entryIdleMinutes');
  }
  const holds = currentPolicy(context);
  if (!samePolicy(holds, expected)) return refuse('conflict');
  // An administrator without one would lock everybody out, themselves included.
  if (policy.secondFactor && !holds.secondFactor && person.secondFactorMinutes === null) {
    return refuse('second_factor_required');
  }
  if (samePolicy(holds, policy)) return { ok: true, result: {} };
  return context.storage.transactionSync(() => {
    const before = storedPolicy(context);
    context.sql.exec(
      'INSERT INTO organization_policy (only, json) VALUES (1, ?) ON CONFLICT (only) DO UPDATE SET json = excluded.json',
      JSON.stringify(policy),
    );
    recordByPerson(context, entry, 'policy.changed', `policy:${ulid(context.now(), context.random)}`, {
      policy: 'organization',
      before,
      after: policy,
    });
    watchRetention(context, policy);
    for (const live of liveEntries(context)) watchLimits(context, live, policy);
    return { ok: true, result: {} };
  });
}

function samePolicy(a: OrganizationPolicy, b: OrganizationPolicy): boolean {
  return (
    a.entryIdleMinutes === b.entryIdleMinutes &&
    a.entryMaxMinutes === b.entryMaxMinutes &&
    a.secondFactor === b.secondFactor &&
    a.freshSignInMinutes === b.freshSignInMinutes &&
    a.stepUpMinutes === b.stepUpMinutes &&
    a.sessionGraceMinutes === b.sessionGraceMinutes &&
    a.recordDays === b.recordDays
  );
}
