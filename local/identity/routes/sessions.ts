import type { Answer } from '../answers.ts';
import { bare, refusals, withClient } from '../answers.ts';
import type { IdentityContext } from '../identity-context.ts';
import { activeSessions, finishSession } from '../identity-context.ts';
import type { ClientRecord, SessionRecord } from '../identity-state.ts';
import type { ApiRequest, Route } from '../router.ts';
import { field } from '../router.ts';
import { sessionJson, tokenJson } from '../shapes.ts';
import { activeMembership, sessionToken, templateToken } from '../tokens.ts';

/** A signed-in session: reading it, choosing its organization, its tokens, ending it. */
export const sessionRoutes: Route[] = [
  {
    method: 'GET',
    path: '/v1/client/sessions/:sessionId',
    access: 'native',
    handle: (context, request) =>
      onSession(context, request, ({ client, session }) =>
        withClient(context, client, sessionJson(context, session)),
      ),
  },
  {
    method: 'POST',
    path: '/v1/client/sessions/:sessionId/touch',
    access: 'native',
    handle: (context, request) => onSession(context, request, (open) => touch(context, request, open)),
  },
  {
    method: 'POST',
    path: '/v1/client/sessions/:sessionId/tokens',
    access: 'native',
    handle: (context, request) =>
      onSession(context, request, ({ session }) => {
        const named = field(request, 'organization_id');
        // An empty field asks for a token without an organization, a missing one for the active organization's.
        const membership =
          named !== null
            ? context.directory.membership(session.userId, named)
            : Object.hasOwn(request.body, 'organization_id')
              ? null
              : activeMembership(context.directory, session);
        if (membership === undefined) return refusals.organization();
        return bare(
          tokenJson(
            sessionToken(
              context.key,
              context.tokens,
              session,
              membership,
              context.directory.sessionClaims(session.userId),
              context.now(),
            ),
          ),
        );
      }),
  },
  {
    method: 'POST',
    path: '/v1/client/sessions/:sessionId/tokens/:template',
    access: 'native',
    handle: (context, request) =>
      onSession(context, request, ({ session }) => {
        const claims = context.directory.templateClaims(request.params.template ?? '');
        if (!claims) return refusals.notFound('JWT template');
        return bare(tokenJson(templateToken(context.key, context.tokens, session, claims, context.now())));
      }),
  },
  finishRoute('end', 'ended'),
  finishRoute('remove', 'removed'),
];

type OpenSession = { client: ClientRecord; session: SessionRecord };

/** Runs a handler on an active session of the caller's client; 401 once it has ended, 404 where it never was. */
export function onSession(
  context: IdentityContext,
  request: ApiRequest,
  handle: (open: OpenSession) => Answer,
): Answer {
  const client = request.client;
  if (!client) return refusals.signedOut();
  const session = context.state.sessions[request.params.sessionId ?? ''];
  if (!session || session.clientId !== client.id) return refusals.notFound('session');
  if (!activeSessions(context, client.id).includes(session)) return refusals.signedOut();
  return handle({ client, session });
}

function touch(context: IdentityContext, request: ApiRequest, { client, session }: OpenSession): Answer {
  const organizationId = field(request, 'active_organization_id');
  if (organizationId !== null && !context.directory.membership(session.userId, organizationId)) {
    return refusals.organization();
  }
  if (Object.hasOwn(request.body, 'active_organization_id'))
    session.lastActiveOrganizationId = organizationId;
  session.lastActiveAt = context.now();
  session.updatedAt = context.now();
  client.lastActiveSessionId = session.id;
  client.updatedAt = context.now();
  return withClient(context, client, sessionJson(context, session));
}

function finishRoute(action: 'end' | 'remove', status: 'ended' | 'removed'): Route {
  return {
    method: 'POST',
    path: `/v1/client/sessions/:sessionId/${action}`,
    access: 'native',
    handle: (context, request) =>
      onSession(context, request, ({ client, session }) => {
        finishSession(context, session, status);
        return withClient(context, client, sessionJson(context, session));
      }),
  };
}
