import { bare, refusals, withClient } from '../answers.ts';
import { environmentJson } from '../environment.ts';
import { activeSessions, finishSession, startClient } from '../identity-context.ts';
import type { Route } from '../router.ts';
import { clientJson, membershipJson } from '../shapes.ts';
import { clientToken } from '../tokens.ts';

/** The instance and the client: what clerk-js loads first, and signing out of everything. */
export const clientRoutes: Route[] = [
  {
    method: 'GET',
    path: '/v1/environment',
    access: 'public',
    handle: (context) => bare(environmentJson(context.key.kid)),
  },
  {
    method: 'GET',
    path: '/.well-known/jwks.json',
    access: 'public',
    handle: (context) => bare({ keys: [context.key.jwk] }),
  },
  {
    method: 'GET',
    path: '/v1/client',
    access: 'native',
    handle: (context, { client }) =>
      bare({ response: client ? clientJson(context, client) : null, client: null }),
  },
  {
    method: 'PUT',
    path: '/v1/client',
    access: 'native',
    handle: (context, request) => {
      const client = request.client ?? startClient(context);
      return {
        ...withClient(context, client, clientJson(context, client)),
        headers: { authorization: clientToken(context.key, client) },
      };
    },
  },
  {
    method: 'DELETE',
    path: '/v1/client',
    access: 'native',
    handle: (context, { client }) => {
      if (!client) return refusals.signedOut();
      for (const session of activeSessions(context, client.id)) finishSession(context, session, 'removed');
      delete context.state.clients[client.id];
      return bare({ response: { object: 'client', id: client.id, deleted: true }, client: null });
    },
  },
  {
    method: 'DELETE',
    path: '/v1/client/sessions',
    access: 'native',
    handle: (context, { client }) => {
      if (!client) return refusals.signedOut();
      for (const session of activeSessions(context, client.id)) finishSession(context, session, 'removed');
      client.signInId = null;
      return withClient(context, client, clientJson(context, client));
    },
  },
  {
    method: 'GET',
    path: '/v1/me/organization_memberships',
    access: 'native',
    handle: (context, { client, query }) => {
      const sessions = client ? activeSessions(context, client.id) : [];
      const wanted = query.get('_clerk_session_id') ?? client?.lastActiveSessionId;
      const session = sessions.find((one) => one.id === wanted);
      if (!client || !session) return refusals.signedOut();
      const all = context.directory.membershipsOf(session.userId);
      const offset = wholeNumber(query.get('offset'), 0);
      const page = all.slice(offset, offset + wholeNumber(query.get('limit'), 10));
      return withClient(context, client, {
        data: page.map((membership) => membershipJson(context, membership)),
        total_count: all.length,
      });
    },
  },
];

function wholeNumber(text: string | null, otherwise: number): number {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : otherwise;
}
