// The relay: a stateless worker that verifies who calls and routes by the organization that their
// signature names, and the three Durable Objects behind it. Composition only.
// Runs unchanged on bare workerd (local/relay) and on Cloudflare (wrangler.jsonc).
import { Hono } from 'hono';
import type { Context } from 'hono';
import { refuse } from '#protocol/errors.ts';
import { ROUTE_NAMES, routes } from '#protocol/routes.ts';
import type { RouteName } from '#protocol/routes.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { readConfig } from './config.ts';
import type { Env, RelayConfig } from './config.ts';
import { BODY_TIMEOUT_MS, SOCKETS } from './limits/limits.ts';
import { log, messageOf } from './log.ts';
import { agentSocket, agentTerminalSocket, enroll } from './routes/agents.ts';
import { clerkWebhook } from './routes/clerk-webhook.ts';
import { terminalSocket, workspaceSocket } from './routes/console-sockets.ts';
import { GuessLimit } from './routes/guess-limit.ts';
import { landingPage } from './routes/landing-page.ts';
import { RefusedCallers } from './routes/refused-callers.ts';
import { RefusedSockets } from './routes/refused-sockets.ts';
import { refuseHttp } from './routes/refuse-upgrade.ts';

export { SignIn } from './sign-in/sign-in.ts';
export { TerminalSession } from './terminal/terminal-session.ts';
export { Workspace } from './workspace/workspace.ts';

type App = { Bindings: Env; Variables: { config: RelayConfig; refusedCallers: RefusedCallers } };
type Handler = (c: Context<App>) => Response | Promise<Response>;

function createRelay(): Hono<App> {
  const guesses = new GuessLimit(Date.now);
  const refusedSockets = new RefusedSockets();
  let refusedCallers: RefusedCallers | null = null;
  const relay = new Hono<App>();
  relay.use(async (c, next) => {
    const config = readConfig(c.env);
    c.set('config', config);
    refusedCallers ??= new RefusedCallers(config.rateLimitScale, Date.now);
    c.set('refusedCallers', refusedCallers);
    await next();
  });
  const guarded =
    (peer: 'console' | 'agent', handle: Handler): Handler =>
    async (c) => {
      const request = c.req.raw;
      const answered = await c.var.refusedCallers
        .guard(request, () => handle(c))
        .catch((error: unknown) => failed(c, error));
      return refusedSockets.answer(request, answered, peer);
    };
  let posting = 0;
  const posted =
    (handle: Handler): Handler =>
    async (c) => {
      if (posting >= SOCKETS.bodies)
        return refuseHttp({ ...refuse('rate_limited'), retryAfterMs: BODY_TIMEOUT_MS });
      posting += 1;
      try {
        return await handle(c);
      } finally {
        posting -= 1;
      }
    };
  const handlers: Record<RouteName, Handler> = {
    health: () => Response.json({ ok: true, protocolVersion: PROTOCOL_VERSION }),
    landing: (c) => landingPage(c.req.raw),
    workspace: guarded('console', (c) => workspaceSocket(c.req.raw, c.env, c.var.config)),
    terminal: guarded('console', (c) =>
      terminalSocket(c.req.raw, c.env, c.var.config, {
        machineId: c.req.param('machineId') ?? '',
        sessionId: c.req.param('sessionId') ?? '',
      }),
    ),
    enroll: posted((c) => enroll(c.req.raw, c.env, c.var.config, guesses)),
    agent: guarded('agent', (c) => agentSocket(c.req.raw, c.env, c.var.config)),
    agentTerminal: guarded('agent', (c) => agentTerminalSocket(c.req.raw, c.env, c.var.config)),
    clerkWebhook: posted((c) => clerkWebhook(c.req.raw, c.env, c.var.config)),
  };
  for (const name of ROUTE_NAMES) relay.on(routes[name].method, routes[name].path, handlers[name]);
  relay.notFound(() => refuseHttp(refuse('not_found')));
  relay.onError((error, c) => failed(c, error));
  return relay;
}

function failed(c: Context<App>, error: unknown): Response {
  log('relay.failed', { path: c.req.routePath, error: messageOf(error) });
  return refuseHttp(refuse('internal'));
}

// oxlint-disable-next-line import/no-default-export -- the runtime takes the worker from it
export default createRelay();
