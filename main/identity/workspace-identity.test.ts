import { mkdtempSync, readFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OrgId } from '#protocol/ids.ts';
import { ClientToken, type SecretBox } from './client-token.ts';
import { PinnedTokens } from './pinned-tokens.ts';
import { WorkspaceIdentity } from './workspace-identity.ts';

const pin = OrgId.parse('org_2NcrG06nygvGgnGJP8GD0WyIT41');
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (iat: number): string =>
  `${encode({ alg: 'RS256' })}.${encode({ iat, exp: iat + 60, o: { id: pin } })}.c2ln`;

/** Stands for the key store: reversible, and not the text itself. */
const box: SecretBox = {
  seal: (secret) => Buffer.from(Buffer.from(secret).map((byte) => byte ^ 0xff)),
  open: (sealed) => Buffer.from(sealed.map((byte) => byte ^ 0xff)).toString(),
};

type Handle = (
  request: {
    method: string;
    path: string;
    query: URLSearchParams;
    headers: IncomingMessage['headers'];
    body: string;
  },
  response: ServerResponse,
) => void;

let folder = '';
let close = (): Promise<void> => Promise.resolve();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caisey-identity-'));
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

/** A Frontend API that answers as told, over real HTTP. */
async function frontendApi(handle: Handle): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString();
    });
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://x');
      const method = url.searchParams.get('_method') ?? request.method ?? '';
      seen.push(`${method} ${url.pathname}`);
      handle(
        { method, path: url.pathname, query: url.searchParams, headers: request.headers, body },
        response,
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  close = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, seen };
}

function identityFor(url: string, secretBox: SecretBox | null = box) {
  const tokens = new PinnedTokens(() => performance.now());
  const log: string[] = [];
  const identity = new WorkspaceIdentity({
    orgId: pin,
    frontendApi: url,
    fetch: (target, init) => fetch(target, init),
    clientToken: new ClientToken(join(folder, 'token.json'), secretBox),
    tokens,
    log: (event, fields) => log.push(`${event} ${JSON.stringify(fields)}`),
  });
  return { identity, log };
}

const fromPage = (path: string, body?: string): Request =>
  new Request(`http://console/__fapi${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  });
const tokenRequest = () => fromPage('/v1/client/sessions/sess_1/tokens', `organization_id=${pin}`);
const send = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
};
const emptyClient = { response: { id: 'client_1', sessions: [] }, client: null };

describe('WorkspaceIdentity', () => {
  it('adds the client token, keeps it sealed, and passes neither it nor other headers on', async () => {
    const authorizations: (string | undefined)[] = [];
    const { url } = await frontendApi((request, response) => {
      authorizations.push(request.headers.authorization);
      expect(request.headers.origin).toBeUndefined();
      expect(request.headers.cookie).toBeUndefined();
      send(response, 200, emptyClient, {
        authorization: 'client-secret-1',
        'set-cookie': 'a=b',
        'x-org': 'other',
      });
    });
    const first = identityFor(url).identity;
    const answer = await first.handle(fromPage('/v1/client?_is_native=1'));
    expect([...answer.headers.keys()].toSorted()).toEqual(['cache-control', 'content-type']);
    expect(await answer.text()).not.toContain('client-secret-1');
    await first.handle(fromPage('/v1/client?_is_native=1'));
    expect(authorizations).toEqual([undefined, 'Bearer client-secret-1']);
    expect(readFileSync(join(folder, 'token.json'), 'utf8')).not.toContain('client-secret-1');

    await identityFor(url).identity.handle(fromPage('/v1/client?_is_native=1'));
    expect(authorizations.at(-1)).toBe('Bearer client-secret-1');
  });

  it('writes nothing without a key store and removes what an earlier start left', async () => {
    writeFileSync(join(folder, 'token.json'), '{}');
    const { url } = await frontendApi((_request, response) =>
      send(response, 200, emptyClient, { authorization: 'client-secret-1' }),
    );
    const { identity } = identityFor(url, null);
    await identity.handle(fromPage('/v1/client'));
    expect(existsSync(join(folder, 'token.json'))).toBe(false);
  });

  it('ends a session that an earlier start left alive before it passes anything on', async () => {
    new ClientToken(join(folder, 'token.json'), box).set('client-secret-1');
    let sessions = [{ id: 'sess_old' }];
    const { url, seen } = await frontendApi((request, response) => {
      if (request.method === 'DELETE') sessions = [];
      send(response, 200, { response: { id: 'client_1', sessions }, client: null });
    });
    const { identity } = identityFor(url);
    await Promise.all([identity.handle(fromPage('/v1/client')), identity.handle(fromPage('/v1/client'))]);
    expect(seen).toEqual([
      'GET /v1/client',
      'DELETE /v1/client/sessions',
      'GET /v1/client',
      'GET /v1/client',
      'GET /v1/client',
    ]);
  });

  it('passes nothing on while an old session cannot be ended', async () => {
    new ClientToken(join(folder, 'token.json'), box).set('client-secret-1');
    const { url, seen } = await frontendApi((_request, response) =>
      send(response, 200, { response: { id: 'client_1', sessions: [{}] }, client: null }),
    );
    const { identity } = identityFor(url);
    expect((await identity.handle(fromPage('/v1/environment'))).status).toBe(503);
    expect(seen).not.toContain('GET /v1/environment');
    expect(await identity.endSignIn()).toEqual({ ok: false, code: 'identity_unreachable' });
  });

  it('takes the newest token for the relay and forgets it with the sign-in', async () => {
    const issued = [100, 300, 200];
    const { url } = await frontendApi((request, response) =>
      send(
        response,
        200,
        request.path.endsWith('/tokens') ? { object: 'token', jwt: jwt(issued.shift() ?? 0) } : emptyClient,
        {
          authorization: 'client-secret-1',
        },
      ),
    );
    const { identity } = identityFor(url);
    expect(identity.token()).toBeNull();
    for (let request = 0; request < 3; request += 1) await identity.handle(tokenRequest());
    expect(identity.token()).toBe(jwt(300));
    const ending = identity.endSignIn();
    expect(identity.token()).toBeNull();
    expect(await ending).toEqual({ ok: true });
  });

  it('drops an answer that comes after the sign-in has ended', async () => {
    let release = (): void => undefined;
    let asked = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const { url } = await frontendApi((request, response) => {
      if (!request.path.endsWith('/tokens')) return send(response, 200, emptyClient);
      release = () => send(response, 200, { object: 'token', jwt: jwt(100) });
      return asked();
    });
    const { identity } = identityFor(url);
    const late = identity.handle(tokenRequest());
    await waiting;
    await identity.endSignIn();
    release();
    const answer = await late;
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain('authentication_invalid');
    expect(identity.token()).toBeNull();
  });

  it('says so when the server is away, answers nonsense or sends elsewhere', async () => {
    const replies: ((response: ServerResponse) => void)[] = [
      (response) => send(response, 302, {}, { location: 'http://127.0.0.1:1/' }),
      (response) => send(response, 200, 'nonsense'),
      (response) => {
        response.writeHead(200);
        response.end('<html>captive portal</html>');
      },
      (response) => send(response, 500, { errors: [{ code: 'internal', message: 'FOREIGN' }] }),
      (response) =>
        send(
          response,
          429,
          { errors: [{ code: 'too_many_requests', message: 'Slow down' }] },
          { 'retry-after': '7' },
        ),
    ];
    const { url } = await frontendApi((_request, response) => replies.shift()?.(response));
    const { identity } = identityFor(url);
    const got: string[] = [];
    for (let request = 0; request < 5; request += 1) {
      const answer = await identity.handle(fromPage('/v1/environment'));
      const { errors } = (await answer.json()) as { errors: { code: string; message: string }[] };
      expect(errors[0]?.message).not.toContain('FOREIGN');
      got.push(`${answer.status} ${errors[0]?.code} ${answer.headers.get('retry-after')}`);
    }
    await close();
    const away = await identity.handle(fromPage('/v1/environment'));
    got.push(`${away.status} ${await away.text()}`.slice(0, 45));
    expect(got).toEqual([
      '503 identity_unreachable null',
      '502 identity_answer_refused null',
      '502 identity_answer_refused null',
      '500 internal null',
      '429 too_many_requests 7',
      '503 {"errors":[{"code":"identity_unreachable"',
    ]);
  });

  it('asks the server nothing for a request it refuses, and logs no parameter values', async () => {
    const { url, seen } = await frontendApi((_request, response) => send(response, 200, emptyClient));
    const { identity, log } = identityFor(url);
    const refused = await identity.handle(
      fromPage('/v1/client/sessions/sess_1/tokens', 'organization_id=org_2VxBvWYGxPGdCvksnMITjN4MLzP'),
    );
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('organization_pinned');
    expect(
      (await identity.handle(fromPage('/v1/client/sign_ins', `identifier=${'x'.repeat(20_000)}`))).status,
    ).toBe(403);
    expect(seen).toEqual([]);
    expect(log.join()).not.toContain('org_2Vx');
  });
});
