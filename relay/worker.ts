// The relay: a stateless worker that verifies who calls and routes by the organization that their
// signature names, and the three Durable Objects behind it. Composition only.
// Runs unchanged on bare workerd (local/relay) and on Cloudflare (wrangler.jsonc).
import { Hono } from 'hono';
import { refuse } from '#protocol/errors.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { readConfig } from './config.ts';
import type { Env, RelayConfig } from './config.ts';
import { log, messageOf } from './log.ts';
import { agentSocket, agentTerminalSocket, enroll } from './routes/agents.ts';
import { clerkWebhook } from './routes/clerk-webhook.ts';
import { terminalSocket, workspaceSocket } from './routes/console-sockets.ts';
import { landingPage } from './routes/landing-page.ts';
import { refuseHttp, refuseUpgrade } from './routes/refuse-upgrade.ts';
import { TokenBucket } from './limits/token-bucket.ts';

export { SignIn } from './sign-in/sign-in.ts';
export { TerminalSession } from './terminal/terminal-session.ts';
export { Workspace } from './workspace/workspace.ts';

const GUESSES_BURST = 20;
const GUESSES_PER_SECOND = 1;

type App = { Bindings: Env; Variables: { config: RelayConfig } };

function createRelay(): Hono<App> {
  const guesses = new TokenBucket(GUESSES_BURST, GUESSES_PER_SECOND, Date.now);
  const relay = new Hono<App>();
  relay.use(async (c, next) => {
    c.set('config', readConfig(c.env));
    await next();
  });
  relay.get('/healthz', () => Response.json({ ok: true, protocolVersion: PROTOCOL_VERSION }));
  relay.get('/open/:orgId/:machineId', (c) => landingPage(c.req.raw));
  relay.get('/v1/workspace', (c) => workspaceSocket(c.req.raw, c.env, c.var.config));
  relay.get('/v1/terminals/:machineId/:sessionId', (c) =>
    terminalSocket(c.req.raw, c.env, c.var.config, c.req.param()),
  );
  relay.post('/v1/enroll', (c) => enroll(c.req.raw, c.env, c.var.config, guesses));
  relay.get('/v1/agent', (c) => agentSocket(c.req.raw, c.env, c.var.config));
  relay.get('/v1/agent/terminal', (c) => agentTerminalSocket(c.req.raw, c.env, c.var.config));
  relay.post('/v1/webhooks/clerk', (c) => clerkWebhook(c.req.raw, c.env, c.var.config));
  relay.notFound(() => refuseHttp(refuse('not_found')));
  relay.onError((error, c) => {
    log('relay.failed', { path: c.req.routePath, error: messageOf(error) });
    return refuseUpgrade(c.req.raw, refuse('internal'));
  });
  return relay;
}

// oxlint-disable-next-line import/no-default-export -- the runtime takes the worker from it
export default createRelay();
