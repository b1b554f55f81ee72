// POST /v1/enroll: a one-time code and a public key for a machine credential.
import { z } from 'zod';
import { MachineId } from '../ids.ts';
import { MachineFacts } from '../records.ts';

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

/** Body of every HTTP refusal. */
export const HttpRefusal = z.object({ error: z.object({ code: z.string(), text: z.string() }) });
