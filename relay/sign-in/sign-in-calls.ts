import type { ErrorCode } from '#protocol/errors.ts';
import type { ClerkSessionId } from '#protocol/ids.ts';
import type { VerifiedOrg } from '../auth/verified-org.ts';

/** What the SignIn object of a Clerk session answers to the worker and to workspaces. */
export interface SignInCalls {
  /**
   * Bind to the first organization seen. Anything but that organization, or a spent sign-in, is refused.
   * `known`: its person's object has been told of it.
   */
  bind(
    org: VerifiedOrg,
  ): Promise<
    | { ok: true; known: boolean }
    | { ok: false; code: Extract<ErrorCode, 'sign_in_bound_elsewhere' | 'sign_in_spent'> }
  >;
  /** Its person's object has been told. */
  noteKnown(): Promise<void>;
  /** Never let it enter again. Answers the organization that it was bound to, null when it was never seen. */
  spend(): Promise<VerifiedOrg | null>;
}

/** What the SignIn object of a person answers: it knows their Clerk sessions, and no organization. */
export interface PersonCalls {
  /** A sign-in of this person was seen. False: it was issued before the person's access ended. */
  remember(sid: ClerkSessionId, issuedAt: number): Promise<boolean>;
  /** The person is gone or banned since `at`. Answers the sign-ins that were seen by then. */
  end(at: number): Promise<ClerkSessionId[]>;
}
