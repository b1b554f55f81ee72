import type { Answer } from './answers.ts';
import type { IdentityContext } from './identity-context.ts';
import type { ClientRecord } from './identity-state.ts';

export type ApiRequest = {
  /** The values of the `:name` parts of the route. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** Form or JSON fields as sent, snake_case. An empty form field stays an empty string. */
  body: Record<string, unknown>;
  /** Set when the request carried a valid client token. */
  client: ClientRecord | null;
};

/** public: anybody. native: the Frontend API in native mode. secret: needs the instance's secret key. */
export type Access = 'public' | 'native' | 'secret';

export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `:name` matches one segment. */
  path: string;
  access: Access;
  handle: (context: IdentityContext, request: ApiRequest) => Answer;
};

export type RouteMatch = { route: Route; params: Record<string, string> };

/** The first route for a method and path; `pathKnown` tells a wrong method from an unknown path. */
export function matchRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { match: RouteMatch | null; pathKnown: boolean } {
  const segments = path.split('/');
  let pathKnown = false;
  for (const route of routes) {
    const params = matchSegments(route.path.split('/'), segments);
    if (!params) continue;
    pathKnown = true;
    if (route.method === method) return { match: { route, params }, pathKnown };
  }
  return { match: null, pathKnown };
}

/** A text field of the body, or null where it is missing or empty. */
export function field(request: ApiRequest, name: string): string | null {
  const value = request.body[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

function matchSegments(pattern: string[], segments: string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) {
      if (!/^[\w-]+$/.test(segment)) return null;
      params[part.slice(1)] = segment;
    } else if (part !== segment) {
      return null;
    }
  }
  return params;
}
