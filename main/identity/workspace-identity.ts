// The identity proxy of one workspace window: clerk-js asks it, it asks Clerk, and both directions are cut
// down to the window's own organization. Decides by identity-routes and filter-answer alone.
import { IDENTITY_PATH } from '#contract/channels.ts';
import type { OrgId } from '#protocol/ids.ts';
import type { Log } from '../log.ts';
import { lookAtBrowserStep, sentToBrowser, type BrowserStep, type BrowserStepState } from './browser-step.ts';
import type { TokenPlace } from './client-token.ts';
import { filterAnswer, filterErrorAnswer } from './filter-answer.ts';
import { endSessions } from './end-sessions.ts';
import { identityErrors } from './identity-error.ts';
import { json, refusal } from './identity-response.ts';
import { matchIdentityRoute, type IdentityRoute } from './identity-routes.ts';
import { askIdentityServer, type Fetch, type IdentityAnswer } from './identity-server.ts';
import type { PinnedTokens } from './pinned-tokens.ts';

export interface WorkspaceIdentityOptions {
  /** Null: of the window that adds clients. It signs in, and that is all it can ask for. */
  readonly orgId: OrgId | null;
  readonly frontendApi: string;
  readonly fetch: Fetch;
  readonly clientToken: TokenPlace;
  readonly tokens: PinnedTokens;
  readonly log: Log;
}

export type EndAnswer = { readonly ok: true } | { readonly ok: false; readonly code: 'identity_unreachable' };

const FORWARD_TIMEOUT_MS = 15_000;
const BODY_MAX_CHARS = 16_384;

export class WorkspaceIdentity {
  readonly #options: WorkspaceIdentityOptions;
  /** A Clerk session of an earlier entry or start may still live: end it before anything else is passed on. */
  #sessionMayLive: boolean;
  #ending: Promise<EndAnswer> | null = null;
  /** Requests of the present sign-in; aborted as a whole when it ends. */
  #current = new AbortController();
  #browserStep: (BrowserStep & { readonly end: () => void }) | null = null;

  constructor(options: WorkspaceIdentityOptions) {
    this.#options = options;
    this.#sessionMayLive = options.clientToken.get() !== null;
  }

  /** The token for the relay's socket. */
  token(): string | null {
    return this.#options.tokens.usable();
  }

  /** Answers one request of the page. Never throws, never redirects, carries nothing but JSON. */
  async handle(request: Request): Promise<Response> {
    const { orgId, log } = this.#options;
    const url = new URL(request.url);
    const text = request.method === 'GET' ? '' : await request.text();
    const matched = matchIdentityRoute(
      {
        method: request.method,
        path: url.pathname.slice(IDENTITY_PATH.length),
        query: url.searchParams,
        body: new URLSearchParams(text.slice(0, BODY_MAX_CHARS)),
      },
      orgId,
    );
    if (!matched.ok || text.length > BODY_MAX_CHARS) {
      log('identity.refused', {
        orgId,
        method: request.method,
        path: url.pathname.slice(0, 120),
        why: matched.ok ? 'too long' : matched.why,
      });
      const pinned = !matched.ok && matched.code === 'organization_pinned';
      return refusal(pinned ? identityErrors.organizationPinned : identityErrors.requestRefused);
    }
    const clean = await this.#ended();
    if (!clean.ok) return refusal(identityErrors.unreachable);
    const current = this.#current.signal;
    const { route, query, body } = matched;
    const answer = await askIdentityServer(this.#options, {
      method: route.method === 'GET' ? 'GET' : 'POST',
      path: url.pathname.slice(IDENTITY_PATH.length),
      query,
      body: route.method === 'GET' ? null : body,
      timeoutMs: FORWARD_TIMEOUT_MS,
      signal: current,
    });
    if (current.aborted) return refusal(identityErrors.signedOutMeanwhile);
    if (route.answer === 'signIn' && route.method === 'POST') this.#follow(answer, body);
    return this.#filtered(route, answer);
  }

  /** The step of the present sign-in that waits for the browser. */
  browserStep(): BrowserStep | null {
    return this.#browserStep;
  }

  lookAtBrowserStep(step: BrowserStep, nonce: string | null): Promise<BrowserStepState> {
    return lookAtBrowserStep(this.#options, step, nonce);
  }

  /** Any step of a sign-in ends the one in the browser; being sent there begins a new one. */
  #follow(answer: IdentityAnswer, body: URLSearchParams): void {
    this.#endBrowserStep();
    const asked = body.get('strategy') === 'enterprise_sso' && answer.kind === 'answered';
    const sent = asked && answer.status === 200 ? sentToBrowser(answer.body) : null;
    if (sent === null) return;
    const over = new AbortController();
    this.#browserStep = { ...sent, over: over.signal, end: () => over.abort() };
  }

  #endBrowserStep(): void {
    this.#browserStep?.end();
    this.#browserStep = null;
  }

  /**
   * Ends this partition's Clerk sessions for good. Its tokens are forgotten at once, before the network is asked;
   * if the server cannot be reached, ending is tried again before any later request is passed on.
   */
  endSignIn(): Promise<EndAnswer> {
    this.#options.tokens.forget();
    this.#current.abort();
    this.#endBrowserStep();
    this.#current = new AbortController();
    this.#sessionMayLive = this.#options.clientToken.get() !== null;
    return this.#ended();
  }

  #ended(): Promise<EndAnswer> {
    if (!this.#sessionMayLive) return Promise.resolve({ ok: true });
    this.#ending ??= this.#end().finally(() => {
      this.#ending = null;
    });
    return this.#ending;
  }

  async #end(): Promise<EndAnswer> {
    const { log, orgId } = this.#options;
    const ended = await endSessions(this.#options);
    if (!ended.ok) {
      log('identity.end_failed', { orgId, why: ended.why });
      return { ok: false, code: 'identity_unreachable' };
    }
    this.#sessionMayLive = false;
    log('identity.ended', { orgId });
    return { ok: true };
  }

  #filtered(route: IdentityRoute, answer: IdentityAnswer): Response {
    const { orgId, log, tokens } = this.#options;
    if (answer.kind !== 'answered') {
      log('identity.unreachable', { orgId, why: answer.kind === 'unreachable' ? answer.why : 'aborted' });
      return refusal(identityErrors.unreachable);
    }
    const succeeded = answer.status >= 200 && answer.status < 300;
    const filtered = succeeded
      ? filterAnswer(route.answer, answer.body, orgId)
      : filterErrorAnswer(answer.body, orgId);
    if (!filtered.ok) {
      log('identity.answer_refused', { orgId, kind: route.answer, status: answer.status, why: filtered.why });
      return refusal(identityErrors.answerRefused);
    }
    for (const token of filtered.tokens) tokens.add(token);
    return json(answer.status, filtered.body, answer.retryAfter);
  }
}
