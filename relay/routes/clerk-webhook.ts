import { verifyClerkWebhook } from '../auth/clerk-webhook.ts';
import type { AccessNews } from '../auth/clerk-webhook.ts';
import { personOf, signInOf, workspaceOf } from '../auth/routing.ts';
import type { Env, RelayConfig } from '../config.ts';
import { log, messageOf } from '../log.ts';
import type { ClerkSessionId, UserId } from '#protocol/ids.ts';
import { readBody } from './read-body.ts';
import { refuseHttp } from './refuse-upgrade.ts';

/** Clerk's largest events, with room. */
const BODY_MAX_BYTES = 256 * 1024;

/** POST /v1/webhooks/clerk: access that ended or changed at the identity service does so here, at once. */
export async function clerkWebhook(request: Request, env: Env, config: RelayConfig): Promise<Response> {
  const body = await readBody(request, BODY_MAX_BYTES);
  if (!body.ok) return refuseHttp(body);
  const signed = new Request(request.url, { method: 'POST', headers: request.headers, body: body.text });
  // A repeated delivery carries the same id, and changes nothing.
  const opId = `webhook:${request.headers.get('svix-id') ?? ''}`;
  let news: AccessNews;
  try {
    news = await verifyClerkWebhook(signed, config.clerk.webhookSecret, Date.now());
  } catch (error) {
    log('webhook.refused', { error: messageOf(error) });
    return new Response('The signature does not fit.\n', { status: 400 });
  }
  await act(env, news, opId);
  return new Response(null, { status: 204 });
}

/** Rejects when an object could not be reached: then the identity service delivers the news again. */
async function act(env: Env, news: AccessNews, opId: string): Promise<void> {
  switch (news.kind) {
    case 'sign-in':
      return endSignIn(env, news.sid, opId);
    case 'membership':
      await workspaceOf(env, news.org).revoke(news.org, { userId: news.userId, at: news.at }, opId);
      return;
    case 'role':
      await workspaceOf(env, news.org).changeRole(news.org, news.userId, news.role, news.at, opId);
      return;
    case 'organization':
      await workspaceOf(env, news.org).revoke(news.org, { at: news.at }, opId);
      return;
    case 'person': {
      const { userId, at } = news;
      const sids = await personOf(env, userId).end(at);
      await Promise.all(sids.map((sid) => endSignIn(env, sid, opId, { userId, at })));
      return;
    }
    case 'other':
  }
}

/** @param person whose access ended altogether: what they left running ends as well */
async function endSignIn(
  env: Env,
  sid: ClerkSessionId,
  opId: string,
  person?: { readonly userId: UserId; readonly at: number },
): Promise<void> {
  const org = await signInOf(env, sid).spend();
  if (org === null) return;
  await workspaceOf(env, org).revoke(org, { sid }, opId);
  if (person !== undefined) await workspaceOf(env, org).revoke(org, person, opId);
}
