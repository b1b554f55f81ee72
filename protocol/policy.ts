// What an organization decides about entering and staying in its workspace. Stored there, set by its
// administrators; the relay's own configuration may be stricter and then wins.
import { z } from 'zod';

const minutes = (least: number, most: number) => z.number().int().min(least).max(most);

/** A hundred years: nothing is ever removed. */
export const RECORD_DAYS_MAX = 36_500;

export const OrganizationPolicy = z.strictObject({
  /** An entry in which nobody does anything for so long is locked. */
  entryIdleMinutes: minutes(5, 480),
  /** No entry lasts longer, however busy it is. */
  entryMaxMinutes: minutes(15, 1440),
  /** A session whose console or machine is away for so long is ended. */
  sessionGraceMinutes: minutes(1, 1440).default(30),
  /** What is older is removed from the record, which then says so; its hashes stay. */
  recordDays: z.number().int().min(30).max(RECORD_DAYS_MAX).default(RECORD_DAYS_MAX),
  /** Entering takes a second factor, as fresh as the first. */
  secondFactor: z.boolean(),
  /** How long ago a sign-in may have been to open an entry. The relay's limit may be lower. */
  freshSignInMinutes: minutes(0, 60),
  /** A sensitive verb takes a factor that was verified at most so long ago. */
  stepUpMinutes: minutes(1, 60),
});
export type OrganizationPolicy = z.infer<typeof OrganizationPolicy>;

/** Until an administrator says otherwise. */
export const DEFAULT_POLICY: OrganizationPolicy = {
  entryIdleMinutes: 30,
  entryMaxMinutes: 720,
  sessionGraceMinutes: 30,
  recordDays: RECORD_DAYS_MAX,
  secondFactor: false,
  freshSignInMinutes: 2,
  stepUpMinutes: 5,
};
