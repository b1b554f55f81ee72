import type { Answer } from '../answers.ts';
import { bare, refusal, refusals } from '../answers.ts';
import type { IdentityContext } from '../identity-context.ts';
import { activeSessions, finishSession, backendSessionJson } from '../identity-context.ts';
import type { ApiRequest, Route } from '../router.ts';
import { field } from '../router.ts';
import { membershipJson } from '../shapes.ts';

/** The part of the Backend API that the relay and the tests need. All of it asks for the secret key. */
export const backendRoutes: Route[] = [
  {
    method: 'GET',
    path: '/v1/jwks',
    access: 'secret',
    handle: (context) => bare({ keys: [context.key.jwk] }),
  },
  {
    method: 'GET',
    path: '/v1/sessions',
    access: 'secret',
    handle: (context, { query }) => {
      const userId = query.get('user_id');
      const status = query.get('status');
      for (const client of Object.keys(context.state.clients)) activeSessions(context, client);
      const sessions = Object.values(context.state.sessions).filter(
        (session) =>
          (userId === null || session.userId === userId) && (status === null || session.status === status),
      );
      return bare({ data: sessions.map(backendSessionJson), total_count: sessions.length });
    },
  },
  {
    method: 'GET',
    path: '/v1/sessions/:sessionId',
    access: 'secret',
    handle: (context, { params }) => {
      const session = context.state.sessions[params.sessionId ?? ''];
      return session ? bare(backendSessionJson(session)) : refusals.notFound('session');
    },
  },
  {
    method: 'POST',
    path: '/v1/sessions/:sessionId/revoke',
    access: 'secret',
    handle: (context, { params }) => {
      const session = context.state.sessions[params.sessionId ?? ''];
      if (!session) return refusals.notFound('session');
      finishSession(context, session, 'revoked');
      return bare(backendSessionJson(session));
    },
  },
  {
    method: 'GET',
    path: '/v1/organizations/:organizationId/memberships',
    access: 'secret',
    handle: (context, { params }) => {
      const members = context.directory.membersOf(params.organizationId ?? '');
      return bare({
        data: members.map((membership) => membershipJson(context, membership)),
        total_count: members.length,
      });
    },
  },
  {
    method: 'POST',
    path: '/v1/organizations/:organizationId/memberships',
    access: 'secret',
    handle: addMembership,
  },
  {
    method: 'DELETE',
    path: '/v1/organizations/:organizationId/memberships/:userId',
    access: 'secret',
    handle: (context, { params }) => {
      const { userId = '', organizationId = '' } = params;
      const membership = context.directory.membership(userId, organizationId);
      if (!membership) return refusals.notFound('organization membership');
      const shape = membershipJson(context, membership);
      context.state.membershipOverrides[`${organizationId}/${userId}`] = null;
      for (const session of Object.values(context.state.sessions)) {
        if (session.userId === userId && session.lastActiveOrganizationId === organizationId) {
          session.lastActiveOrganizationId = null;
        }
      }
      context.emit('organizationMembership.deleted', shape);
      return bare(shape);
    },
  },
];

function addMembership(context: IdentityContext, request: ApiRequest): Answer {
  const organizationId = request.params.organizationId ?? '';
  const userId = field(request, 'user_id') ?? '';
  const role = field(request, 'role') ?? '';
  if (!context.directory.organizationById(organizationId)) return refusals.notFound('organization');
  if (!context.directory.userById(userId)) return refusals.notFound('user');
  if (!context.directory.isRole(role)) {
    return refusal(404, 'resource_not_found', 'not found', {
      longMessage: `No role ${role}`,
      parameter: 'role',
    });
  }
  context.state.membershipOverrides[`${organizationId}/${userId}`] = role;
  const membership = context.directory.membership(userId, organizationId);
  return membership ? bare(membershipJson(context, membership)) : refusals.notFound('user');
}
