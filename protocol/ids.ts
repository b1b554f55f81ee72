// Identifiers that cross a socket, each a branded string so that one cannot stand in for another.
// A format check here proves shape only. What proves *authority* over an organization is a verifier
// in relay/auth; nothing outside it can turn an OrgId into a Durable Object name.
import { z } from 'zod';

/** Clerk organization id: `org_` and 20–40 base62 characters. Case matters. */
export const OrgId = z
  .string()
  .regex(/^org_[A-Za-z0-9]{20,40}$/)
  .brand<'OrgId'>();
export type OrgId = z.infer<typeof OrgId>;

export const UserId = z
  .string()
  .regex(/^user_[A-Za-z0-9]{10,40}$/)
  .brand<'UserId'>();
export type UserId = z.infer<typeof UserId>;

/** Clerk session id (`sid`). Not a terminal session: see SessionId. */
export const ClerkSessionId = z
  .string()
  .regex(/^sess_[A-Za-z0-9]{10,40}$/)
  .brand<'ClerkSessionId'>();
export type ClerkSessionId = z.infer<typeof ClerkSessionId>;

// Crockford base32 without I, L, O, U: what the relay issues, always 26 characters.
const issued = (prefix: string) => new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`);

export const MachineId = z.string().regex(issued('mac')).brand<'MachineId'>();
export type MachineId = z.infer<typeof MachineId>;
/** One pty run on one machine. Durable: it outlives sockets and processes of the console and relay. */
export const SessionId = z.string().regex(issued('ses')).brand<'SessionId'>();
export type SessionId = z.infer<typeof SessionId>;
/** One authenticated stay in a workspace. */
export const EntryId = z.string().regex(issued('ent')).brand<'EntryId'>();
export type EntryId = z.infer<typeof EntryId>;
/** A link or a first search, until connected or aborted. */
export const AttemptId = z.string().regex(issued('att')).brand<'AttemptId'>();
export type AttemptId = z.infer<typeof AttemptId>;
export const RunbookId = z.string().regex(issued('run')).brand<'RunbookId'>();
export type RunbookId = z.infer<typeof RunbookId>;
/** One enrollment code: names it in lists and in the audit, and is not the code. */
export const EnrollmentId = z.string().regex(issued('enr')).brand<'EnrollmentId'>();
export type EnrollmentId = z.infer<typeof EnrollmentId>;
export const EventId = z.string().regex(issued('evt')).brand<'EventId'>();
export type EventId = z.infer<typeof EventId>;
/** Issued by the agent; unique within its session. */
export const CommandId = z.string().regex(issued('cmd')).brand<'CommandId'>();
export type CommandId = z.infer<typeof CommandId>;

export const NoteId = z.string().regex(issued('not')).brand<'NoteId'>();
export type NoteId = z.infer<typeof NoteId>;
/** What a review shows as one card: a session, an attempt, a machine's key, or a stay's stopped pastes. */
export const ReviewItemId = z.union([SessionId, AttemptId, MachineId, EntryId]);
export type ReviewItemId = z.infer<typeof ReviewItemId>;

/** Id of the alert that a link came from: opaque to us, shown as text. */
export const AlertId = z.string().regex(/^[A-Za-z0-9._:-]{1,64}$/);

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A ULID: 48 bits of time, 80 of randomness, sortable as text.
 * @param nowMs epoch milliseconds
 * @param random fills the given bytes with randomness (`crypto.getRandomValues`)
 */
export function ulid(nowMs: number, random: (bytes: Uint8Array) => void): string {
  let time = nowMs;
  let text = '';
  for (let i = 0; i < 10; i += 1) {
    text = CROCKFORD.charAt(time % 32) + text;
    time = Math.floor(time / 32);
  }
  const bytes = new Uint8Array(16);
  random(bytes);
  for (const byte of bytes) text += CROCKFORD.charAt(byte % 32);
  return text;
}
