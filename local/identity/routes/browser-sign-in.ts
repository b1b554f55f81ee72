// Enterprise sign-in through the browser: where the application sends the person, the page of their company,
// and the way back to the application with a nonce. The page stands for any identity provider.
import { randomBytes } from 'node:crypto';
import type { Answer } from '../answers.ts';
import { refusals } from '../answers.ts';
import { secretsMatch } from '../directory.ts';
import type { IdentityContext } from '../identity-context.ts';
import type { ClientRecord, SignInRecord } from '../identity-state.ts';
import type { ApiRequest, Route } from '../router.ts';
import { field } from '../router.ts';
import type { UserSeed } from '../seed.ts';
import { firstFactorDone } from '../sign-in-progress.ts';

/** Clerk's list of addresses that a native application may be sent back to. Compared as they are written. */
const redirectUrls: ReadonlySet<string> = new Set(['caisey://sso-callback']);
const pageLifeMs = 10 * 60_000;

export const browserSignInRoutes: Route[] = [
  {
    method: 'GET',
    path: '/__company/sign-in/:requestId',
    access: 'public',
    handle: (context, request) =>
      onRequest(context, request, ({ user, connection }) => page(connection, signInForm(user))),
  },
  {
    // Body `answer`: allow, or anything else to refuse.
    method: 'POST',
    path: '/__company/sign-in/:requestId',
    access: 'public',
    handle: (context, request) =>
      onRequest(context, request, (open) => {
        const { signIn, client, user, browser, connection } = open;
        const allowed = field(request, 'answer') === 'allow';
        browser.status = allowed ? 'verified' : 'failed';
        const back = new URL(browser.redirectUrl);
        if (allowed) {
          signIn.firstStrategy = 'enterprise_sso';
          firstFactorDone(context, client, signIn, user);
          const nonce = randomBytes(24).toString('base64url');
          // Whoever began this sign-in elsewhere holds a token that is now worth nothing without the nonce.
          client.rotation = { before: client.rotatingToken, nonce };
          client.rotatingToken = context.newId('rot').slice(4);
          back.searchParams.set('rotating_token_nonce', nonce);
        } else {
          back.searchParams.set('__clerk_status', 'failed');
          back.searchParams.set('__clerk_error_code', 'oauth_access_denied');
        }
        const answer = page(connection, backLink(back.href, allowed));
        if (context.sendBack !== null) {
          context.sendBack(back.href);
          return answer;
        }
        return { ...answer, status: 303, headers: { location: back.href } };
      }),
  },
];

/** Sends the person to the page of their company. @returns why not */
export function startBrowserStep(
  context: IdentityContext,
  request: ApiRequest,
  signIn: SignInRecord,
  user: UserSeed,
): Answer | null {
  const redirectUrl = field(request, 'redirect_url');
  if (redirectUrl === null) return refusals.missing('redirect_url');
  if (!redirectUrls.has(redirectUrl)) return refusals.redirectUrl();
  const named = field(request, 'enterprise_connection_id');
  if (user.connection === undefined || (named !== null && named !== user.connection))
    return refusals.strategy();
  signIn.firstStrategy = 'enterprise_sso';
  signIn.browser = {
    requestId: context.newId('req').slice(4),
    connectionId: user.connection,
    redirectUrl,
    status: 'unverified',
  };
  return null;
}

interface OpenPage {
  client: ClientRecord;
  signIn: SignInRecord;
  user: UserSeed;
  browser: NonNullable<SignInRecord['browser']>;
  connection: string;
}

/** Each page is good for one answer, while its sign-in is still the newest of its client. */
function onRequest(
  context: IdentityContext,
  request: ApiRequest,
  handle: (open: OpenPage) => Answer,
): Answer {
  const id = request.params.requestId ?? '';
  const signIn = Object.values(context.state.signIns).find(
    ({ browser }) => browser !== null && secretsMatch(id, browser.requestId),
  );
  const browser = signIn?.browser;
  const client = signIn ? context.state.clients[signIn.clientId] : undefined;
  const user = signIn ? context.directory.userById(signIn.userId) : undefined;
  const over =
    !signIn ||
    !browser ||
    !client ||
    !user ||
    browser.status !== 'unverified' ||
    client.signInId !== signIn.id ||
    context.now() - signIn.createdAt > pageLifeMs;
  if (over) {
    const text =
      '<p>This page is good for one sign-in, and that one is over. Begin again in the console.</p>';
    return { ...page('Sign-in', text), status: 410 };
  }
  const connection = context.directory.connectionById(browser.connectionId)?.name ?? '';
  return handle({ client, signIn, user, browser, connection });
}

function signInForm(user: UserSeed): string {
  return `<p>Continue to <b>Caisey Console</b> as <b>${escaped(user.email)}</b>?</p>
<form method="post"><button name="answer" value="allow" autofocus>Continue</button>
<button name="answer" value="refuse">Refuse</button></form>`;
}

function backLink(href: string, allowed: boolean): string {
  return `<p>${allowed ? 'You are signed in.' : 'Nothing was signed in.'}</p>
<p><a href="${escaped(href)}">Back to Caisey Console</a></p>`;
}

function page(title: string, body: string): Answer {
  return {
    status: 200,
    body: `<!doctype html><meta charset="utf-8"><title>${escaped(title)}</title>
<h1>${escaped(title)}</h1><p>A stand-in for your company's sign-in page, part of the local identity server.</p>
${body}`,
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
