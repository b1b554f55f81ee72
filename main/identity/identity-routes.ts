// Every request of clerk-js that main passes on: method, path, and each parameter by name.
// What is not listed is refused; the organization a request names must be the window's own.
import { z } from 'zod';
import { SIGN_IN_CALLBACK } from '#contract/channels.ts';

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
  /** Parameters that take these values alone. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** This parameter has to be there, and to name the window's organization. */
  readonly pinned: 'active_organization_id' | 'organization_id' | null;
  readonly answer: AnswerKind;
}

const NONE = [] as const;
const ANYTHING = {} as const;
/** What the console can do. Other factors are named to the person, and never asked for. */
const PREPARE = { body: ['strategy', 'email_address_id'], values: { strategy: ['email_code'] } } as const;
const ATTEMPT = (...strategies: readonly string[]) => ({
  body: ['strategy', 'code', 'password'],
  values: { strategy: strategies },
});
const ATTEMPT_FIRST = ATTEMPT('password', 'email_code');
const ATTEMPT_SECOND = ATTEMPT('totp', 'backup_code', 'email_code');
const route = (
  method: IdentityRoute['method'],
  path: RegExp,
  answer: AnswerKind,
  rest: Partial<Pick<IdentityRoute, 'query' | 'body' | 'values' | 'pinned'>> = {},
): IdentityRoute => ({
  method,
  path,
  answer,
  query: NONE,
  body: NONE,
  values: ANYTHING,
  pinned: null,
  ...rest,
});

/** What signing in takes: the same for a workspace and for the window that adds one. */
const SIGN_IN_ROUTES: readonly IdentityRoute[] = [
  route('GET', /^\/v1\/environment$/, 'environment'),
  // The nonce of a sign-in in the browser is main's own affair: no page brings one.
  route('GET', /^\/v1\/client$/, 'client'),
  route('POST', /^\/v1\/client\/sign_ins$/, 'signIn', {
    body: ['strategy', 'identifier', 'password', 'locale', 'timezone'],
    values: { strategy: ['password'] },
  }),
  route('GET', /^\/v1\/client\/sign_ins\/sia_\w+$/, 'signIn'),
  route('POST', /^\/v1\/client\/sign_ins\/sia_\w+\/prepare_first_factor$/, 'signIn', {
    body: [...PREPARE.body, 'redirect_url', 'action_complete_redirect_url', 'enterprise_connection_id'],
    values: {
      strategy: ['email_code', 'enterprise_sso'],
      redirect_url: [SIGN_IN_CALLBACK],
      action_complete_redirect_url: [SIGN_IN_CALLBACK],
    },
  }),
  route('POST', /^\/v1\/client\/sign_ins\/sia_\w+\/attempt_first_factor$/, 'signIn', ATTEMPT_FIRST),
  route('POST', /^\/v1\/client\/sign_ins\/sia_\w+\/prepare_second_factor$/, 'signIn', PREPARE),
  route('POST', /^\/v1\/client\/sign_ins\/sia_\w+\/attempt_second_factor$/, 'signIn', ATTEMPT_SECOND),
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
    /^\/v1\/client\/sessions\/sess_\w+\/verify\/prepare_(?:first|second)_factor$/,
    'verification',
    PREPARE,
  ),
  route(
    'POST',
    /^\/v1\/client\/sessions\/sess_\w+\/verify\/attempt_first_factor$/,
    'verification',
    ATTEMPT_FIRST,
  ),
  route(
    'POST',
    /^\/v1\/client\/sessions\/sess_\w+\/verify\/attempt_second_factor$/,
    'verification',
    ATTEMPT_SECOND,
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
  for (const [name, allowed] of Object.entries(route.values)) {
    const given = body.get(name);
    if (given !== null && !allowed.includes(given)) return refused(`value of ${name}`);
  }
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
