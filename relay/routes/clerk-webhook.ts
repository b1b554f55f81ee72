import { verifyClerkWebhook } from '../auth/clerk-webhook.ts';
import type { AccessEnded } from '../auth/clerk-webhook.ts';
import { signInOf, workspaceOf } from '../auth/routing.ts';
import type { Env, RelayConfig } from '../config.ts';
import { log, messageOf } from '../log.ts';
import { refuse } from '#protocol/errors.ts';
import { readBody } from './read-body.ts';
import { refuseHttp } from './refuse-upgrade.ts';

/** Clerk's largest events, with room. */
const BODY_MAX_BYTES = 256 * 1024;

/** POST /v1/webhooks/clerk: access that ended at the identity service ends here at once. */
export async function clerkWebhook(request: Request, env: Env, config: RelayConfig): Promise<Response> {
  const body = await readBody(request, BODY_MAX_BYTES);
  if (body === null) return refuseHttp(refuse('message_too_large'));
  const signed = new Request(request.url, { method: 'POST', headers: request.headers, body });
  // A repeated delivery carries the same id, and changes nothing.
  const opId = `webhook:${request.headers.get('svix-id') ?? ''}`;
  let ended: AccessEnded;
  try {
    ended = await verifyClerkWebhook(signed, config.clerk.webhookSecret);
  } catch (error) {
    log('webhook.refused', { error: messageOf(error) });
    return new Response('The signature does not fit.\n', { status: 400 });
  }
  if (ended.kind === 'membership') {
    await workspaceOf(env, ended.org).revoke(ended.org, { userId: ended.userId }, opId);
  }
  if (ended.kind === 'sign-in') {
    const org = await signInOf(env, ended.sid).spend();
    if (org !== null) await workspaceOf(env, org).revoke(org, { sid: ended.sid }, opId);
  }
  return new Response(null, { status: 204 });
}
