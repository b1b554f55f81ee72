// What the worker tells an object about a socket that it verified, in a header of the request that only
// the worker can send: an object is reachable through it alone, and it never forwards a caller's headers.
import { z } from 'zod';
import { ClerkSessionId, EntryId, MachineId, OrgId, SessionId, UserId } from '#protocol/ids.ts';
import { Role } from '#protocol/records.ts';
import { vouch } from './verified-org.ts';

const Org = OrgId.transform(vouch);
const Time = z.number().int();
const Person = z.object({
  org: Org,
  userId: UserId,
  sid: ClerkSessionId,
  role: Role,
  name: z.string(),
  firstFactorMinutes: Time.nullable(),
  secondFactorMinutes: Time.nullable(),
  issuedAt: Time,
  expiresAt: Time,
});

export const Admission = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('console'), person: Person, ip: z.string().nullable() }),
  z.object({ kind: z.literal('agent'), org: Org, machineId: MachineId, keyThumbprint: z.string() }),
  z.object({
    kind: z.literal('terminal-console'),
    person: Person,
    entryId: EntryId,
    machineId: MachineId,
    sessionId: SessionId,
  }),
  z.object({
    kind: z.literal('terminal-agent'),
    org: Org,
    machineId: MachineId,
    sessionId: SessionId,
    ticketId: z.string(),
  }),
]);
export type Admission = z.infer<typeof Admission>;

const HEADER = 'x-caisey-admission';

/** A fresh upgrade request that carries the admission and nothing of the caller's. */
export function admittedRequest(admission: Admission): Request {
  return new Request('https://relay.internal/socket', {
    headers: { Upgrade: 'websocket', [HEADER]: encodeURIComponent(JSON.stringify(admission)) },
  });
}

export function readAdmission(request: Request): Admission {
  return Admission.parse(JSON.parse(decodeURIComponent(request.headers.get(HEADER) ?? '')));
}
