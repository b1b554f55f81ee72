import type { Refusal } from '#protocol/errors.ts';
import type { ClerkSessionId, EntryId, MachineId, SessionId, UserId } from '#protocol/ids.ts';
import type { CommandRecord, Role } from '#protocol/records.ts';
import type { VerifiedPerson } from '../auth/clerk-token.ts';
import type { VerifiedOrg } from '../auth/verified-org.ts';
import type { EnrollCall, Enrolled } from './enrollment.ts';
import type { SessionReport } from '../terminal/session-report.ts';

/** Whose access ended. `at`: when, by the identity service's clock; alone: the organization's end. */
export type RevokedParty =
  | { readonly sid: ClerkSessionId }
  | { readonly userId: UserId; readonly at: number }
  | { readonly at: number };

/** What the Workspace object answers to the worker and to its terminal sessions. Each call names its organization again. */
export interface WorkspaceCalls {
  /** A verified person was refused: recorded in the organization whose token was presented. */
  recordDenied(person: VerifiedPerson, ip: string | null, verb: string, code: Refusal['code']): Promise<void>;
  /** Use a code that was sealed here; the first caller wins. */
  enroll(org: VerifiedOrg, call: EnrollCall): Promise<Enrolled>;
  /** Access ended outside: close everything of that party. Answers how many entries ended. */
  revoke(org: VerifiedOrg, who: RevokedParty, opId: string): Promise<number>;
  /** A member has had another role since `at`; null: one that opens no workspace. */
  changeRole(org: VerifiedOrg, userId: UserId, role: Role | null, at: number, opId: string): Promise<void>;
  /** Something was typed into this session. Asked at most once a minute. */
  noteInput(org: VerifiedOrg, sessionId: SessionId): Promise<void>;
  /** How long a session is kept whose machine is away, by the policy that holds now. */
  sessionGraceMs(org: VerifiedOrg): Promise<number>;
  /** May this person's console attach to this session, to type or to look on? Only in a live entry. */
  admitToTerminal(
    person: VerifiedPerson,
    machineId: MachineId,
    sessionId: SessionId,
  ): Promise<{ ok: true; entryId: EntryId } | Refusal>;
  /** Facts of a session, in order; repeats are ignored. Answers the commands as they now stand. */
  recordSession(
    org: VerifiedOrg,
    sessionId: SessionId,
    reports: readonly SessionReport[],
  ): Promise<CommandRecord[]>;
}
