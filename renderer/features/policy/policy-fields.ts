import type { OrganizationPolicy } from '#protocol/policy.ts';

export type MinutesField = Exclude<keyof OrganizationPolicy, 'secondFactor'>;

interface FieldText {
  readonly field: MinutesField;
  readonly label: string;
  readonly says: string;
  readonly least: number;
  readonly most: number;
}

/** In the order of the dialog: entering first, then staying. Bounds are the protocol's. */
export const MINUTES_FIELDS: readonly FieldText[] = [
  {
    field: 'freshSignInMinutes',
    label: 'Sign-in not older than',
    says: 'How long ago the sign-in that enters may have been.',
    least: 0,
    most: 60,
  },
  {
    field: 'stepUpMinutes',
    label: 'Confirm again after',
    says: 'Sensitive actions ask for the password again once it is older than this.',
    least: 1,
    most: 60,
  },
  {
    field: 'entryIdleMinutes',
    label: 'Lock when idle for',
    says: 'When nobody asks or types anything.',
    least: 5,
    most: 480,
  },
  {
    field: 'entryMaxMinutes',
    label: 'End every stay after',
    says: 'However busy it is.',
    least: 15,
    most: 1440,
  },
  {
    field: 'sessionGraceMinutes',
    label: 'Keep sessions for',
    says: 'While their console or machine is away, or the client is locked. Then they end.',
    least: 1,
    most: 1440,
  },
];

/** What the fields hold: digits as they are typed. */
export type PolicyDraft = Readonly<Record<MinutesField, string>> & { readonly secondFactor: boolean };

export function draftOf(policy: OrganizationPolicy): PolicyDraft {
  return {
    freshSignInMinutes: String(policy.freshSignInMinutes),
    stepUpMinutes: String(policy.stepUpMinutes),
    entryIdleMinutes: String(policy.entryIdleMinutes),
    entryMaxMinutes: String(policy.entryMaxMinutes),
    sessionGraceMinutes: String(policy.sessionGraceMinutes),
    secondFactor: policy.secondFactor,
  };
}

/** What is wrong with each field, in the order of the dialog; empty: the draft is a policy. */
export function faultsOf(
  draft: PolicyDraft,
  freshSignInMinutesMax: number,
): Partial<Record<MinutesField, string>> {
  const faults: Partial<Record<MinutesField, string>> = {};
  for (const { field, least, most } of MINUTES_FIELDS) {
    const limit = field === 'freshSignInMinutes' ? Math.min(most, freshSignInMinutesMax) : most;
    const typed = draft[field].trim();
    const minutes = Number(typed);
    if (/^\d+$/.test(typed) && minutes >= least && minutes <= limit) continue;
    const why = limit < most ? ', the limit of the relay' : '';
    faults[field] = `From ${least} to ${limit} minutes${why}.`;
  }
  if (
    faults.entryIdleMinutes === undefined &&
    faults.entryMaxMinutes === undefined &&
    Number(draft.entryIdleMinutes) > Number(draft.entryMaxMinutes)
  ) {
    faults.entryIdleMinutes = 'Not longer than a whole stay.';
  }
  return faults;
}

/** Of a draft without faults. */
export function policyOf(draft: PolicyDraft): OrganizationPolicy {
  return {
    freshSignInMinutes: Number(draft.freshSignInMinutes),
    stepUpMinutes: Number(draft.stepUpMinutes),
    entryIdleMinutes: Number(draft.entryIdleMinutes),
    entryMaxMinutes: Number(draft.entryMaxMinutes),
    sessionGraceMinutes: Number(draft.sessionGraceMinutes),
    secondFactor: draft.secondFactor,
  };
}
