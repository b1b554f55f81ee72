import { RECORD_DAYS_MAX } from '#protocol/policy.ts';
import type { OrganizationPolicy } from '#protocol/policy.ts';

export type NumberField = Exclude<keyof OrganizationPolicy, 'secondFactor'>;

interface FieldText {
  readonly field: NumberField;
  readonly label: string;
  readonly says: string;
  readonly least: number;
  readonly most: number;
  readonly unit: 'minutes' | 'days';
}

/** In the order of the dialog: entering first, then staying. Bounds are the protocol's. */
export const NUMBER_FIELDS: readonly FieldText[] = [
  {
    field: 'freshSignInMinutes',
    label: 'Sign-in not older than',
    says: 'Whoever signed in longer ago has to sign in again to enter this client.',
    least: 0,
    most: 60,
    unit: 'minutes',
  },
  {
    field: 'stepUpMinutes',
    label: 'Confirm again after',
    says: 'Sensitive actions ask for the password again once it is older than this.',
    least: 1,
    most: 60,
    unit: 'minutes',
  },
  {
    field: 'entryIdleMinutes',
    label: 'Lock when idle for',
    says: 'When nobody asks or types anything.',
    least: 5,
    most: 480,
    unit: 'minutes',
  },
  {
    field: 'entryMaxMinutes',
    label: 'End every stay after',
    says: 'However busy it is.',
    least: 15,
    most: 1440,
    unit: 'minutes',
  },
  {
    field: 'sessionGraceMinutes',
    label: 'Keep sessions for',
    says: 'While their console or machine is away, or the client is locked. Then they end.',
    least: 1,
    most: 1440,
    unit: 'minutes',
  },
  {
    field: 'recordDays',
    label: 'Keep the record for',
    says: 'Older events, recordings and reviews are removed for good; their hashes stay.',
    least: 30,
    most: RECORD_DAYS_MAX,
    unit: 'days',
  },
];

const DAY_MS = 86_400_000;

/** What keeping the record for so many days means; null: no such number is typed. */
export function keptText(typed: string, heldDays: number, now: number): KeptText | null {
  const days = Number(typed);
  if (!/^\d+$/.test(typed.trim()) || days < 30 || days > RECORD_DAYS_MAX) return null;
  if (days === RECORD_DAYS_MAX)
    return { removes: false, text: `${RECORD_DAYS_MAX} days stands for “for ever”: nothing is removed.` };
  const back = new Date(now - days * DAY_MS).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
  const what = 'events, recordings and reviews';
  return days < heldDays
    ? { removes: true, text: `Saving removes for good all ${what} from before ${back}. Their hashes stay.` }
    : { removes: false, text: `Now back to ${back}. Older ${what} are removed for good; their hashes stay.` };
}

export interface KeptText {
  /** Saving it removes what is kept now. */
  readonly removes: boolean;
  readonly text: string;
}

/** What the fields hold: digits as they are typed. */
export type PolicyDraft = Readonly<Record<NumberField, string>> & { readonly secondFactor: boolean };

export function draftOf(policy: OrganizationPolicy): PolicyDraft {
  return {
    freshSignInMinutes: String(policy.freshSignInMinutes),
    stepUpMinutes: String(policy.stepUpMinutes),
    entryIdleMinutes: String(policy.entryIdleMinutes),
    entryMaxMinutes: String(policy.entryMaxMinutes),
    sessionGraceMinutes: String(policy.sessionGraceMinutes),
    recordDays: String(policy.recordDays),
    secondFactor: policy.secondFactor,
  };
}

/** What is wrong with each field, in the order of the dialog; empty: the draft is a policy. */
export function faultsOf(
  draft: PolicyDraft,
  freshSignInMinutesMax: number,
): Partial<Record<NumberField, string>> {
  const faults: Partial<Record<NumberField, string>> = {};
  for (const { field, least, most, unit } of NUMBER_FIELDS) {
    const limit = field === 'freshSignInMinutes' ? Math.min(most, freshSignInMinutesMax) : most;
    const typed = draft[field].trim();
    const number = Number(typed);
    if (/^\d+$/.test(typed) && number >= least && number <= limit) continue;
    const why = limit < most ? ', the limit of the relay' : '';
    faults[field] = `From ${least} to ${limit} ${unit}${why}.`;
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
    recordDays: Number(draft.recordDays),
    secondFactor: draft.secondFactor,
  };
}
