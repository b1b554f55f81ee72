// Every address of the relay: one row a route. The worker serves exactly these, each with one handler, and
// `npm run prove` tries each from every organization against every other: a route without a case fails there.

interface Route {
  readonly method: 'GET' | 'POST';
  /** `:name` stands for one segment, decoded. */
  readonly path: string;
  /** Takes a WebSocket upgrade only. */
  readonly socket: boolean;
}

export const routes = {
  health: { method: 'GET', path: '/healthz', socket: false },
  /** A static page for chat tools that only link to https. */
  landing: { method: 'GET', path: '/open/:orgId/:machineId', socket: false },
  workspace: { method: 'GET', path: '/v1/workspace', socket: true },
  terminal: { method: 'GET', path: '/v1/terminals/:machineId/:sessionId', socket: true },
  enroll: { method: 'POST', path: '/v1/enroll', socket: false },
  agent: { method: 'GET', path: '/v1/agent', socket: true },
  agentTerminal: { method: 'GET', path: '/v1/agent/terminal', socket: true },
  clerkWebhook: { method: 'POST', path: '/v1/webhooks/clerk', socket: false },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;
export const ROUTE_NAMES: readonly RouteName[] = Object.keys(routes).filter((name): name is RouteName =>
  Object.hasOwn(routes, name),
);

/**
 * Where a relay serves a route.
 * @param relayUrl http or https, with a slash at its end or without
 * @param parameters one for each `:name` of the path; encoded here
 * @returns ws or wss for a route that takes a socket, else as given
 */
export function routeUrl(
  relayUrl: string,
  name: RouteName,
  parameters: Readonly<Record<string, string>> = {},
): string {
  const { path, socket } = routes[name];
  const origin = relayUrl.replace(/\/+$/, '');
  const filled = path.replaceAll(/:(\w+)/g, (_, parameter: string) => {
    const value = parameters[parameter];
    if (value === undefined) throw new Error(`The route ${name} needs its ${parameter}.`);
    return encodeURIComponent(value);
  });
  return `${socket ? origin.replace(/^http/, 'ws') : origin}${filled}`;
}
