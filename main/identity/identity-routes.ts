// Every request of clerk-js that main passes on: method, path, and each parameter by name.
// What is not listed is refused; the organization a request names must be the window's own.
import { z } from 'zod';

export type AnswerKind =
  | 'environment'
  | 'client'
  | 'signIn'
  | 'session'
  | 'verification'
  | 'memberships'
  | 'token';

export interface IdentityRoute {
  /** After `_method` is applied. */
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Anchored; ids are Clerk's own base62. */
  readonly path: RegExp;
  readonly query: readonly string[];
  readonly body: readonly string[];
  /** This parameter has to be there, and to name the window's organization. */
  readonly pinned: 'active_organization_id' | 'organization_id' | null;
  readonly answer: AnswerKind;
}

const NONE = [] as const;
const FACTOR = ['strategy', 'code', 'password', 'email_address_id', 'phone_number_id'] as const;
const route = (
  method: IdentityRoute['method'],
  path: RegExp,
  answer: AnswerKind,
  rest: Partial<Pick<IdentityRoute, 'query' | 'body' | 'pinned'>> = {},
): IdentityRoute => ({ method, path, answer, query: NONE, body: NONE, pinned: null, ...rest });

/** What signing in takes: the same for a workspace and for the window that adds one. */
const SIGN_IN_ROUTES: readonly IdentityRoute[] = [
  route('GET', /^\/v1\/environment$/, 'environment'),
  route('GET', /^\/v1\/client$/, 'client', { query: ['rotating_token_nonce'] }),
  route('POST', /^\/v1\/client\/sign_ins$/, 'signIn', {
    body: ['strategy', 'identifier', 'password', 'locale', 'timezone'],
  }),
  route('GET', /^\/v1\/client\/sign_ins\/sia_\w+$/, 'signIn'),
  route('POST', /^\/v1\/client\/sign_ins\/sia_\w+\/(?:prepare|attempt)_(?:first|second)_factor$/, 'signIn', {
    body: FACTOR,
  }),
];

const WORKSPACE_ROUTES: readonly IdentityRoute[] = [
  ...SIGN_IN_ROUTES,
  route('GET', /^\/v1\/client\/sessions\/sess_\w+$/, 'session'),
  route('POST', /^\/v1\/client\/sessions\/sess_\w+\/touch$/, 'session', {
    body: ['active_organization_id', 'intent'],
    pinned: 'active_organization_id',
  }),
  // Without a template: /tokens/<template> is no route here.
  route('POST', /^\/v1\/client\/sessions\/sess_\w+\/tokens$/, 'token', {
    query: ['debug', 'expired_token'],
    body: ['organization_id', 'tab_state'],
    pinned: 'organization_id',
  }),
  route('POST', /^\/v1\/client\/sessions\/sess_\w+\/verify$/, 'verification', { body: ['level'] }),
  route(
    'POST',
    /^\/v1\/client\/sessions\/sess_\w+\/verify\/(?:prepare|attempt)_(?:first|second)_factor$/,
    'verification',
    { body: FACTOR },
  ),
  route('POST', /^\/v1\/client\/sessions\/sess_\w+\/(?:end|remove)$/, 'session'),
  route('DELETE', /^\/v1\/client\/sessions$/, 'client'),
  route('GET', /^\/v1\/me\/organization_memberships$/, 'memberships', {
    query: ['paginated', 'limit', 'offset'],
  }),
];

/** Sent by clerk-js with everything. */
const COMMON_QUERY = [
  '__clerk_api_version',
  '_clerk_js_version',
  '_is_native',
  '_method',
  '_clerk_session_id',
];
const Method = z.enum(['GET', 'POST', 'DELETE']);

export type RouteAnswer =
  | {
      readonly ok: true;
      readonly route: IdentityRoute;
      readonly query: URLSearchParams;
      readonly body: URLSearchParams;
    }
  | {
      readonly ok: false;
      readonly code: 'identity_request_refused' | 'organization_pinned';
      readonly why: string;
    };

/**
 * Decides about one request.
 * @param path below the proxy's own prefix, as the URL parser gave it
 * @param organizationId the window's. Null: a window of none, which signs in and asks for nothing else
 */
export function matchIdentityRoute(
  request: { method: string; path: string; query: URLSearchParams; body: URLSearchParams },
  organizationId: string | null,
): RouteAnswer {
  const refused = (why: string) => ({ ok: false, code: 'identity_request_refused', why }) as const;
  const { path, query, body } = request;
  const method = Method.safeParse(effectiveMethod(request.method, query));
  const routes = organizationId === null ? SIGN_IN_ROUTES : WORKSPACE_ROUTES;
  const route = routes.find((one) => one.method === method.data && one.path.test(path));
  if (route === undefined) return refused('no such route');

  const stray = strayName(query, [...COMMON_QUERY, ...route.query]) ?? strayName(body, route.body);
  if (stray !== null) return refused(`parameter ${stray.slice(0, 40)}`);
  if (route.pinned !== null && body.get(route.pinned) !== organizationId)
    return { ok: false, code: 'organization_pinned', why: route.pinned };
  return { ok: true, route, query, body };
}

/** clerk-js sends everything but GET as POST and says what it means in the query. */
function effectiveMethod(method: string, query: URLSearchParams): string {
  const meant = query.get('_method');
  return meant === null || method !== 'POST' ? method : meant;
}

/** A parameter that is not allowed here, or is there twice: two parsers could choose differently. */
function strayName(given: URLSearchParams, allowed: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const name of given.keys()) {
    if (!allowed.includes(name) || seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}
