import type { ErrorCode } from '#protocol/errors.ts';
import type { VerifiedOrg } from '../auth/verified-org.ts';

/** What the SignIn object answers to the worker and to workspaces. */
export interface SignInCalls {
  /** Bind to the first organization seen. Anything but that organization, or a spent sign-in, is refused. */
  bind(
    org: VerifiedOrg,
  ): Promise<
    { ok: true } | { ok: false; code: Extract<ErrorCode, 'sign_in_bound_elsewhere' | 'sign_in_spent'> }
  >;
  /** Never let it enter again. Answers the organization that it was bound to, null when it was never seen. */
  spend(): Promise<VerifiedOrg | null>;
}
