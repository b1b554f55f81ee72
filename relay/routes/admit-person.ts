import { refuse } from '#protocol/errors.ts';
import type { Refusal } from '#protocol/errors.ts';
import { verifyClerkToken } from '../auth/clerk-token.ts';
import type { VerifiedPerson } from '../auth/clerk-token.ts';
import { personOf, signInOf, workspaceOf } from '../auth/routing.ts';
import type { Env, RelayConfig } from '../config.ts';
import { log } from '../log.ts';
import { readAuthorization } from './read-authorization.ts';

/** Verify the presented token and bind its sign-in to its organization. */
export async function admitPerson(
  request: Request,
  env: Env,
  config: RelayConfig,
  verb: string,
): Promise<{ readonly ok: true; readonly person: VerifiedPerson } | Refusal> {
  const verified = await verifyClerkToken(readAuthorization(request, 'Bearer'), config.clerk);
  if (!verified.ok) {
    log('token.refused', { code: verified.code, detail: verified.detail });
    return verified;
  }
  const { person } = verified;
  const bound = await bindSignIn(env, person);
  if (bound.ok) return verified;
  // Recorded where the token points: the organization that the sign-in belongs to learns nothing from it.
  await workspaceOf(env, person.org).recordDenied(person, callerIp(request), verb, bound.code);
  return refuse(bound.code);
}

async function bindSignIn(env: Env, person: VerifiedPerson): Promise<{ readonly ok: true } | Refusal> {
  const signIn = signInOf(env, person.sid);
  const bound = await signIn.bind(person.org);
  if (!bound.ok || bound.known) return bound;
  if (!(await personOf(env, person.userId).remember(person.sid, person.issuedAt))) {
    return refuse('access_revoked');
  }
  await signIn.noteKnown();
  return { ok: true };
}

/** As Cloudflare tells it; null elsewhere, where the header would be the caller's own word. */
export function callerIp(request: Request): string | null {
  return typeof request.cf?.['colo'] === 'string' ? request.headers.get('CF-Connecting-IP') : null;
}
