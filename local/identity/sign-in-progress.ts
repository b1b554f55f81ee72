import { secondFactors } from './factors.ts';
import { startSession } from './identity-context.ts';
import type { IdentityContext } from './identity-context.ts';
import type { ClientRecord, SignInRecord } from './identity-state.ts';
import type { UserSeed } from './seed.ts';

/** What comes after the first factor: the person's second one, the trust in a new device, or nothing. */
export function firstFactorDone(
  context: IdentityContext,
  client: ClientRecord,
  signIn: SignInRecord,
  user: UserSeed,
): void {
  signIn.firstFactorAt = context.now();
  if (secondFactors(user).length > 0) signIn.status = 'needs_second_factor';
  else if (user.clientTrust && !signIn.knownDevice && signIn.firstStrategy === 'password') {
    signIn.status = 'needs_client_trust';
  } else completeSignIn(context, client, signIn);
}

export function completeSignIn(context: IdentityContext, client: ClientRecord, signIn: SignInRecord): void {
  const session = startSession(context, client, signIn.userId, {
    firstFactorAt: signIn.firstFactorAt ?? context.now(),
    secondFactorAt: signIn.secondFactorAt,
  });
  signIn.status = 'complete';
  signIn.createdSessionId = session.id;
  client.signInId = null;
  if (!client.trustedBy.includes(signIn.userId)) client.trustedBy.push(signIn.userId);
}
