// What machines present instead of a person's token: enrollment codes, credentials and session tickets.
// Each carries its organization under a MAC of the relay's, so there is no table from code to organization.
import { z } from 'zod';
import { EnrollmentId, MachineId, OrgId, SessionId } from '#protocol/ids.ts';
import { seal, unseal } from './sealed-text.ts';
import { vouch } from './verified-org.ts';

export const TICKET_LIFETIME_MS = 30_000;

const Org = OrgId.transform(vouch);
const EnrollmentCode = z.object({ org: Org, enrollmentId: EnrollmentId, expiresAt: z.number() });
const Credential = z.object({ org: Org, machineId: MachineId, keyThumbprint: z.string() });
const Ticket = z.object({
  org: Org,
  machineId: MachineId,
  sessionId: SessionId,
  ticketId: z.string(),
  expiresAt: z.number(),
});
export type EnrollmentCode = z.infer<typeof EnrollmentCode>;
export type Credential = z.infer<typeof Credential>;
export type Ticket = z.infer<typeof Ticket>;

export function sealEnrollmentCode(relaySecret: string, code: EnrollmentCode): string {
  return seal(relaySecret, 'ce1', code);
}

/** Null for anything not sealed here. Whether it still enrolls is its Workspace's to say, and to record. */
export function openEnrollmentCode(relaySecret: string, text: string): EnrollmentCode | null {
  return unseal(relaySecret, 'ce1', EnrollmentCode, text);
}

export function sealCredential(relaySecret: string, credential: Credential): string {
  return seal(relaySecret, 'cm1', credential);
}

export function openCredential(relaySecret: string, text: string): Credential | null {
  return unseal(relaySecret, 'cm1', Credential, text);
}

/** Single use is checked by the TerminalSession, which remembers `ticketId`. */
export function sealTicket(relaySecret: string, ticket: Ticket): string {
  return seal(relaySecret, 'ct1', ticket);
}

export function openTicket(relaySecret: string, text: string, now: number): Ticket | null {
  const ticket = unseal(relaySecret, 'ct1', Ticket, text);
  return ticket !== null && ticket.expiresAt > now ? ticket : null;
}
