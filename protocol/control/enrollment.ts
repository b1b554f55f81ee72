// POST /v1/enroll: a one-time code and a public key for a machine credential.
import { z } from 'zod';
import { EnrollmentId, MachineId } from '../ids.ts';
import { MachineFacts, Person } from '../records.ts';

/** A code enrolls one machine within this time. */
export const ENROLLMENT_LIFETIME_MS = 10 * 60_000;

export const EnrollRequest = z.object({
  code: z.string().min(20).max(1024),
  /** Ed25519 public key, raw 32 bytes, base64url. */
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  facts: MachineFacts,
});
export type EnrollRequest = z.infer<typeof EnrollRequest>;

export const EnrollAnswer = z.object({
  machineId: MachineId,
  machineName: z.string(),
  /** Signed by the relay: organization, machine, key thumbprint. Opaque to the agent. */
  credential: z.string(),
});
export type EnrollAnswer = z.infer<typeof EnrollAnswer>;

/** A code as its administrator sees it when it is made: this once, and never again. */
export const NewEnrollment = z.object({
  enrollmentId: EnrollmentId,
  code: z.string(),
  expiresAt: z.number().int().nonnegative(),
});
export type NewEnrollment = z.infer<typeof NewEnrollment>;

/** A code that can still enroll a machine; which one it is, not what it reads. */
export const OpenEnrollment = z.object({
  enrollmentId: EnrollmentId,
  machineName: z.string(),
  createdBy: Person,
  createdAt: z.number().int().nonnegative(),
  expiresAt: z.number().int().nonnegative(),
});
export type OpenEnrollment = z.infer<typeof OpenEnrollment>;

/** Body of every HTTP refusal. */
export const HttpRefusal = z.object({ error: z.object({ code: z.string(), text: z.string() }) });
