// What every line of the audit carries beside its event's own fields: who, with what, and where it stands.
import { z } from 'zod';
import { Count } from './measures.ts';
import { ClerkSessionId, EventId, MachineId, OrgId, UserId } from './ids.ts';
import { Role } from './records.ts';

export const AuditActor = z.union([
  z.object({
    user_id: UserId,
    sid: ClerkSessionId,
    role: Role,
    auth_age_s: Count.nullable(),
    factor: z.enum(['first', 'second']),
  }),
  z.object({ machine_id: MachineId }),
  z.object({ system: z.literal('relay') }),
]);
export type AuditActor = z.infer<typeof AuditActor>;

export const AuditDevice = z.object({
  install_id: z.string(),
  app_version: z.string(),
  window_id: z.string(),
  ip: z.string().nullable(),
});
export type AuditDevice = z.infer<typeof AuditDevice>;

export const AuditEnvelope = z.object({
  id: EventId,
  v: z.literal(1),
  event: z.string(),
  code: z.string(),
  seq: z.number().int().positive(),
  at: Count,
  org_id: OrgId,
  actor: AuditActor,
  device: AuditDevice.nullable(),
  correlation_id: z.string(),
  op_id: z.string(),
  outcome: z.enum(['ok', 'refused']),
});
export type AuditEnvelope = z.infer<typeof AuditEnvelope>;
