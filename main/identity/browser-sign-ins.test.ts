import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { OrgId } from '#protocol/ids.ts';
import { tokenInMemory } from './client-token.ts';
import { BrowserSignIns } from './browser-sign-ins.ts';
import { PinnedTokens } from './pinned-tokens.ts';
import { WorkspaceIdentity } from './workspace-identity.ts';

const PAGE = 'https://login.msp.example/saml2?SAMLRequest=';
const PREPARE = `strategy=enterprise_sso&redirect_url=${encodeURIComponent('caisey://sso-callback')}`;

/** The server's side of each client's sign-in: its nonce once the person is through, and what it says then. */
interface Begun {
  nonce: string | null;
  status: string;
}

let close = (): Promise<void> => Promise.resolve();
afterEach(() => close());

/** A Frontend API over real HTTP that knows its clients by their token, as Clerk does, and two windows on it. */
async function stage() {
  const begun = new Map<string, Begun>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    const client = (request.headers.authorization ?? '').replace('Bearer ', '');
    const path = url.pathname;
    const send = (status: number, body: unknown) => {
      const renewed = path.endsWith('/sign_ins') ? `client-${begun.size}` : client;
      response.writeHead(status, { 'content-type': 'application/json', authorization: renewed });
      response.end(JSON.stringify(body));
    };
    const signIn = (id: string, state: Begun | undefined, address: string | null) => ({
      response: {
        object: 'sign_in',
        id,
        status: 'needs_first_factor',
        first_factor_verification: {
          status: state?.status ?? 'unverified',
          strategy: 'enterprise_sso',
          external_verification_redirect_url: address,
        },
      },
      client: null,
    });
    if (path.endsWith('/prepare_first_factor')) {
      begun.set(client, { nonce: null, status: 'unverified' });
      return send(200, signIn('sia_1', begun.get(client), `${PAGE}${client}`));
    }
    if (path.includes('/sign_ins/')) {
      const state = begun.get(client);
      // Once the browser is through, the client is known again by its nonce alone.
      const knows =
        state !== undefined &&
        (state.nonce === null || url.searchParams.get('rotating_token_nonce') === state.nonce);
      return knows
        ? send(200, signIn('sia_1', state, null))
        : send(401, { errors: [{ code: 'signed_out', message: '' }] });
    }
    return send(200, { response: { object: 'client', id: 'client_1', sessions: [] }, client: null });
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
  const frontendApi = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;

  const opened: string[] = [];
  const focused: string[] = [];
  const timers = new Set<() => void>();
  const browser = new BrowserSignIns({
    frontendApi,
    signInHosts: ['login.msp.example'],
    open: (url) => {
      opened.push(url);
      return Promise.resolve();
    },
    after: (_delayMs, run) => {
      timers.add(run);
      return () => timers.delete(run);
    },
    log: () => undefined,
  });
  const windowOf = async (name: string, orgId: string) => {
    const clientToken = tokenInMemory();
    clientToken.set(`client-of-${name}`);
    const identity = new WorkspaceIdentity({
      orgId: OrgId.parse(orgId),
      frontendApi,
      fetch: (target, init) => fetch(target, init),
      clientToken,
      tokens: new PinnedTokens(() => 0),
      log: () => undefined,
    });
    const post = (path: string, body: string) =>
      identity.handle(
        new Request(`http://console/__fapi/v1/client/sign_ins${path}`, {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        }),
      );
    const prepared = await post('/sia_1/prepare_first_factor', PREPARE);
    expect(await prepared.text()).not.toContain('login.msp.example');
    return {
      identity,
      post,
      state: () => begun.get(`client-of-${name}`),
      begin: () => browser.begin(identity, () => focused.push(name)),
    };
  };
  return {
    browser,
    opened,
    focused,
    timers,
    westside: await windowOf('westside', 'org_2NcrG06nygvGgnGJP8GD0WyIT41'),
    primary: await windowOf('primary', 'org_2VxBvWYGxPGdCvksnMITjN4MLzP'),
  };
}

type Stage = Awaited<ReturnType<typeof stage>>;

function personIsThrough(window: Stage['westside'], nonce: string): void {
  Object.assign(window.state() ?? {}, { nonce, status: 'verified' });
}

describe('BrowserSignIns', () => {
  it('gives what comes back to the window that began it, once, whichever else waits', async () => {
    const { browser, opened, focused, westside, primary } = await stage();
    const first = primary.begin();
    const second = westside.begin();
    expect(opened).toEqual([`${PAGE}client-of-primary`, `${PAGE}client-of-westside`]);
    for (const nonce of ['forged', null]) expect(await browser.cameBack({ nonce })).toBe(false);
    personIsThrough(westside, 'nonce-w');
    expect(await browser.cameBack({ nonce: 'forged' })).toBe(false);
    expect(await browser.cameBack({ nonce: 'nonce-w' })).toBe(true);
    expect(await second).toEqual({ ok: true });
    expect(focused).toEqual(['westside']);
    expect(await browser.cameBack({ nonce: 'nonce-w' })).toBe(false);
    personIsThrough(primary, 'nonce-p');
    expect(await browser.cameBack({ nonce: 'nonce-p' })).toBe(true);
    expect(await first).toEqual({ ok: true });
    expect(focused).toEqual(['westside', 'primary']);
  });

  it('takes nothing for a window that has ended its sign-in, began anew, or waited too long', async () => {
    const { browser, focused, timers, westside, primary } = await stage();
    const ended = westside.begin();
    personIsThrough(westside, 'nonce-w');
    const ending = westside.identity.endSignIn();
    expect(await ended).toMatchObject({ code: 'browser_cancelled' });
    await ending;
    expect(await browser.cameBack({ nonce: 'nonce-w' })).toBe(false);
    expect(await westside.begin()).toMatchObject({ code: 'browser_not_begun' });

    const before = primary.begin();
    await primary.post('', 'identifier=somebody');
    expect(await before).toMatchObject({ code: 'browser_cancelled' });
    await primary.post('/sia_1/prepare_first_factor', PREPARE);
    const late = primary.begin();
    personIsThrough(primary, 'nonce-p');
    for (const run of timers) run();
    expect(await late).toMatchObject({ code: 'browser_timed_out' });
    expect(await browser.cameBack({ nonce: 'nonce-p' })).toBe(false);
    expect(focused).toEqual([]);
  });

  it('says that the person was refused there, and that a page may not be opened', async () => {
    const { browser, westside, opened, timers } = await stage();
    const refused = westside.begin();
    Object.assign(westside.state() ?? {}, { status: 'failed' });
    expect(await browser.cameBack({ nonce: null })).toBe(true);
    expect(await refused).toMatchObject({ code: 'browser_failed' });
    expect(timers.size).toBe(0);

    const strict = new BrowserSignIns({
      frontendApi: 'https://clerk.msp.example',
      signInHosts: [],
      open: () => Promise.reject(new Error('must not be opened')),
      after: () => () => undefined,
      log: () => undefined,
    });
    const answer = await strict.begin(westside.identity, () => undefined);
    expect(answer).toMatchObject({
      code: 'browser_page_refused',
      text: expect.stringContaining('login.msp.example'),
    });
    expect(opened).toHaveLength(1);
  });
});
