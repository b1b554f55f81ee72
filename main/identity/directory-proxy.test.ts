import { describe, expect, it } from 'vitest';
import { tokenInMemory } from './client-token.ts';
import { listOrganizations } from './list-organizations.ts';
import { PinnedTokens } from './pinned-tokens.ts';
import { WorkspaceIdentity } from './workspace-identity.ts';

const orgs = ['org_2NcrG06nygvGgnGJP8GD0WyIT41', 'org_2VxBvWYGxPGdCvksnMITjN4MLzP'];
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (o?: { id: string }) =>
  `${encode({ alg: 'RS256', cat: 'cl_B7d4PD111AAA' })}.${encode({ v: 2, iat: 100, exp: 160, o })}.c2ln`;
const planted = /org_|DentalCare|eyJ|PLANTED/;

const memberships = orgs.map((id, index) => ({
  object: 'organization_membership',
  id: `orgmem_${index}`,
  organization: { object: 'organization', id, name: `DentalCare_\u202e${index}`, slug: 'PLANTED' },
  role: 'org:admin',
}));
const session = {
  object: 'session',
  id: 'sess_1',
  status: 'active',
  factor_verification_age: [0, -1],
  last_active_organization_id: orgs[0],
  last_active_token: { object: 'token', jwt: jwt({ id: orgs[0] ?? '' }) },
  lastActiveToken: jwt(),
  user: {
    object: 'user',
    id: 'user_1',
    first_name: 'Tess',
    email_addresses: [],
    organization_memberships: memberships,
    public_metadata: { token: jwt() },
  },
};
const client = {
  object: 'client',
  id: 'client_1',
  sessions: [session],
  sign_in: null,
  token: jwt({ id: orgs[1] ?? '' }),
  last_active_session_id: 'sess_1',
};
const signIn = { object: 'sign_in', id: 'sia_1', status: 'complete', created_session_id: 'sess_1' };

/** The window that adds clients, and a Frontend API that answers with more than it may pass on. */
function directory(answers: (path: string, query: URLSearchParams) => unknown) {
  const seen: string[] = [];
  const server = {
    frontendApi: 'https://clerk.test',
    clientToken: tokenInMemory(),
    fetch: (url: string, init: RequestInit) => {
      const { pathname, searchParams } = new URL(url);
      const method = searchParams.get('_method') ?? init.method ?? '';
      seen.push(`${method} ${pathname}`);
      const body = answers(pathname, searchParams);
      return Promise.resolve(
        Response.json(body, {
          status: body === null ? 500 : 200,
          headers: { authorization: 'client-secret' },
        }),
      );
    },
  };
  const identity = new WorkspaceIdentity({
    ...server,
    orgId: null,
    tokens: new PinnedTokens(() => 0),
    log: () => undefined,
  });
  const ask = (path: string, body?: string) =>
    identity.handle(
      new Request(`http://console/__fapi${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        ...(body === undefined
          ? {}
          : { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      }),
    );
  return { server, identity, ask, seen };
}

const clerk = (path: string) => {
  if (path === '/v1/client') return { response: client, client: null };
  if (path.startsWith('/v1/client/sign_ins')) return { response: signIn, client };
  return null;
};

describe('the proxy of the window that adds clients', () => {
  it('passes no token, no client and no name on, wherever they are in an answer', async () => {
    const { ask, identity } = directory(clerk);
    for (const answer of [
      await ask('/v1/client'),
      await ask('/v1/client/sign_ins', 'strategy=password&identifier=t%40msp.example&password=x'),
      await ask('/v1/client/sign_ins/sia_1/attempt_second_factor', 'strategy=totp&code=123456'),
    ]) {
      expect(answer.status).toBe(200);
      const text = await answer.text();
      expect(text).not.toMatch(planted);
      expect(text).not.toContain('client-secret');
      expect(text).toContain('sess_1');
      expect([...answer.headers.keys()].toSorted()).toEqual(['cache-control', 'content-type']);
    }
    expect(identity.token()).toBeNull();
  });

  it('refuses a whole answer that hides a token or a client in a part that it passes on', async () => {
    for (const hidden of [jwt({ id: orgs[0] ?? '' }), orgs[1]]) {
      const { ask } = directory(() => ({ response: { ...signIn, identifier: hidden }, client: null }));
      const answer = await ask('/v1/client/sign_ins/sia_1');
      expect(answer.status).toBe(502);
      expect(await answer.text()).not.toMatch(planted);
    }
  });

  it('asks the server for nothing but the sign-in', async () => {
    const { ask, seen } = directory(clerk);
    const refused = [
      ask('/v1/client/sessions/sess_1/tokens', `organization_id=${orgs[0]}`),
      ask('/v1/client/sessions/sess_1/tokens', ''),
      ask('/v1/client/sessions/sess_1/tokens/relay', ''),
      ask('/v1/client/sessions/sess_1/touch', `active_organization_id=${orgs[0]}`),
      ask('/v1/client/sessions/sess_1/touch', 'active_organization_id='),
      ask('/v1/client/sessions/sess_1'),
      ask('/v1/client/sessions/sess_1/verify', 'level=first_factor'),
      ask('/v1/me/organization_memberships'),
      ask('/v1/me'),
    ];
    for (const answer of await Promise.all(refused)) expect(answer.status).toBe(403);
    expect(seen).toEqual([]);
  });

  it('lets main read the names, page by page, fit to stand beside each other', async () => {
    const pages = Array.from({ length: 130 }, (_, index) => ({
      organization: {
        id: `org_${'A'.repeat(20)}${index}`,
        name: index === 129 ? '\u200b' : `Client\u202e ${index}`,
      },
    }));
    const { server, seen } = directory((path, query) => {
      if (path === '/v1/client') return { response: client, client: null };
      expect(query.get('_clerk_session_id')).toBe('sess_1');
      const offset = Number(query.get('offset'));
      const data = pages.slice(offset, offset + Number(query.get('limit')));
      return { response: { data: [...data.slice(0, 99), 'nonsense', ...data.slice(99)].slice(0, 100) } };
    });
    const listed = await listOrganizations(server);
    if (!listed.ok) throw new Error(listed.code);
    expect(listed.organizations[7]?.name).toBe('Client 7');
    expect(listed.organizations.at(-1)?.name).toBe(listed.organizations.at(-1)?.orgId);
    expect(seen).toHaveLength(3);

    const away = directory(() => null).server;
    expect(await listOrganizations(away)).toEqual({ ok: false, code: 'identity_unreachable' });
    const nobody = directory(() => ({ response: { ...client, sessions: [] } })).server;
    expect(await listOrganizations(nobody)).toEqual({ ok: false, code: 'not_signed_in' });
  });
});
