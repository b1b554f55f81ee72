import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answers.ts';
import { refusal } from './answers.ts';
import { secretsMatch } from './directory.ts';
import type { IdentityContext } from './identity-context.ts';
import type { ClientRecord } from './identity-state.ts';
import type { Access, Route } from './router.ts';
import { matchRoute } from './router.ts';
import { backendRoutes } from './routes/backend.ts';
import { browserSignInRoutes } from './routes/browser-sign-in.ts';
import { clientRoutes } from './routes/client.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { signInRoutes } from './routes/sign-ins.ts';
import { testControlRoutes } from './routes/test-controls.ts';
import { verificationRoutes } from './routes/verification.ts';
import { clientToken, readClientToken } from './tokens.ts';

const routes: readonly Route[] = [
  ...clientRoutes,
  ...signInRoutes,
  ...browserSignInRoutes,
  ...sessionRoutes,
  ...verificationRoutes,
  ...backendRoutes,
  ...testControlRoutes,
];

const maxBodyBytes = 64 * 1024;

export type RequestLog = (entry: { event: 'request'; method: string; path: string; status: number }) => void;

/** Answers one HTTP request; `save` is called before a changed state is answered for. */
export async function handleRequest(
  context: IdentityContext,
  save: () => void,
  log: RequestLog,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://loopback.invalid');
  // Clerk's browsers send PUT and DELETE as POST, to avoid a CORS preflight.
  const override = request.method === 'POST' ? url.searchParams.get('_method') : null;
  const method = override ?? request.method ?? 'GET';
  const answer = await answerTo(context, request, url, method);
  if (method !== 'GET' || url.searchParams.has('rotating_token_nonce')) save();
  log({ event: 'request', method, path: url.pathname, status: answer.status });
  const isPage = typeof answer.body === 'string';
  response.writeHead(answer.status, {
    'content-type': isPage ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
    ...(isPage ? { 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" } : {}),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...answer.headers,
  });
  response.end(isPage ? answer.body : JSON.stringify(answer.body));
}

async function answerTo(
  context: IdentityContext,
  request: IncomingMessage,
  url: URL,
  method: string,
): Promise<Answer> {
  // A web page that rebinds its name to loopback still sends its own name here.
  if (!isLoopbackName(request.headers.host)) {
    return refusal(421, 'host_invalid', 'This local identity server answers to loopback names only.');
  }
  const { match, pathKnown } = matchRoute(routes, method, url.pathname);
  if (!match) {
    return pathKnown
      ? refusal(405, 'method_not_allowed', `${method} is not allowed here.`)
      : refusal(404, 'resource_not_found', 'not found', {
          longMessage: `The local identity server has no ${method} ${url.pathname}.`,
        });
  }
  const authorization = request.headers.authorization ?? null;
  const refused = refuseAccess(context, match.route.access, url, authorization, request.headers.origin);
  if (refused) return refused;
  const body = await readBody(request);
  if (!body.ok) return body.answer;
  const native = match.route.access === 'native';
  const nonce = url.searchParams.get('rotating_token_nonce');
  const known = native ? clientOf(context, authorization, nonce) : null;
  const answer = match.route.handle(context, {
    params: match.params,
    query: url.searchParams,
    body: body.fields,
    client: known?.client ?? null,
  });
  if (known?.renewed !== true) return answer;
  return { ...answer, headers: { authorization: clientToken(context.key, known.client), ...answer.headers } };
}

function refuseAccess(
  context: IdentityContext,
  access: Access,
  url: URL,
  authorization: string | null,
  origin: string | undefined,
): Answer | null {
  switch (access) {
    case 'public':
      return null;
    case 'native':
      if (origin !== undefined && authorization !== null) {
        return refusal(
          400,
          'origin_authorization_headers_conflict',
          "Setting both the 'Origin' and 'Authorization' headers is forbidden",
          {
            longMessage:
              "Send either 'Origin' (a browser) or 'Authorization' (a native application), but not both.",
          },
        );
      }
      if (url.searchParams.get('_is_native') !== '1') {
        return refusal(400, 'native_only', 'Only native mode is spoken here: add _is_native=1 to the query.');
      }
      return null;
    case 'secret':
      if (secretsMatch(authorization?.replace(/^Bearer /, '') ?? '', context.state.secretKey)) return null;
      return refusal(401, 'clerk_key_invalid', 'The provided Clerk Secret Key is invalid.', {
        longMessage:
          'The provided Clerk Secret Key is invalid. Take it from the ready line of the identity server.',
      });
  }
}

/** The caller's client. After a sign-in in the browser its old token counts once more, with the nonce. */
function clientOf(
  context: IdentityContext,
  authorization: string | null,
  nonce: string | null,
): { client: ClientRecord; renewed: boolean } | null {
  if (authorization === null) return null;
  const claims = readClientToken(context.key, authorization.replace(/^Bearer /, ''));
  const client = claims ? context.state.clients[claims.id] : undefined;
  if (!client || !claims) return null;
  if (secretsMatch(claims.rotatingToken, client.rotatingToken)) return { client, renewed: false };
  const { rotation } = client;
  if (rotation === null || nonce === null || !secretsMatch(claims.rotatingToken, rotation.before))
    return null;
  if (!secretsMatch(nonce, rotation.nonce)) return null;
  client.rotation = null;
  return { client, renewed: true };
}

type Body = { ok: true; fields: Record<string, unknown> } | { ok: false; answer: Answer };

async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBodyBytes) {
      return { ok: false, answer: refusal(413, 'request_body_too_large', 'The request body is too large.') };
    }
    chunks.push(bytes);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return { ok: true, fields: {} };
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
    return { ok: true, fields: Object.fromEntries(new URLSearchParams(text)) };
  }
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null) return { ok: true, fields: { ...json } };
  } catch {
    // Answered below, like any other body that is not a JSON object.
  }
  return {
    ok: false,
    answer: refusal(400, 'request_body_invalid', 'The request body is not a JSON object.'),
  };
}

function isLoopbackName(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host);
}
