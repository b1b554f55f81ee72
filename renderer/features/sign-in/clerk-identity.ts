// oxlint-disable no-underscore-dangle -- clerk-js names its hooks for native applications so
import { Clerk } from '@clerk/clerk-js/no-rhc';
import { z } from 'zod';
import { IDENTITY_PATH } from '#contract/channels.ts';
import type { OrgId } from '#protocol/ids.ts';
import { failureOf } from './clerk-failure.ts';
import { namesOf } from './clerk-factors.ts';
import type { ClerkFactor } from './clerk-factors.ts';
import { clerkSignInSteps } from './clerk-sign-in.ts';
import type { FactorStep, Identity, Token } from './identity.ts';

export interface ClerkIdentityOptions {
  readonly publishableKey: string;
  /**
   * The one organization of this window: a session is activated for it, once, and for no other.
   * Null: for none; signing in is all that is wanted.
   */
  readonly orgId: OrgId | null;
  /** Where main's identity proxy answers: this page's own origin. */
  readonly origin: string;
  /** Main opens the page that a sign-in was sent to in the system's browser, and answers when the person is back. */
  readonly openBrowser: () => Promise<void>;
}

type ClerkSession = NonNullable<Clerk['session']>;

const TOKEN_TIMEOUT_MS = 12_000;
/** A token with less left than this is not worth connecting with. */
const TOKEN_LEFT_MIN_MS = 15_000;

/** Real clerk-js in its native mode, speaking to Clerk through main's proxy and to nothing else. */
export function createClerkIdentity(options: ClerkIdentityOptions): Identity {
  let clerk = newClerk(options);

  /** By this clock, counted from when the newest token came: the server's clock may be another. */
  let tokenEndsAtMs = 0;
  /** The present reverification has sent a code by e-mail. */
  let reverifiesByEmail = false;

  const session = (): ClerkSession | null => clerk.session ?? null;

  async function activate(sessionId: string): Promise<void> {
    if (options.orgId === null) return;
    try {
      await clerk.setActive({ session: sessionId, organization: options.orgId });
    } catch (error) {
      // A session that is active for no organization would stand in the way of the next try.
      await clerk.signOut(() => undefined);
      throw error;
    }
  }

  async function endLive(): Promise<void> {
    await clerk.client?.reload();
    const live = clerk.client?.signedInSessions ?? [];
    if (live.length > 0) await clerk.signOut(() => undefined);
  }

  async function prepare(): Promise<void> {
    if (!clerk.loaded) await clerk.load({ standardBrowser: false, telemetry: false });
    const live = clerk.client?.signedInSessions ?? [];
    if (live.length > 0) await clerk.signOut(() => undefined);
  }

  async function getToken(): Promise<Token> {
    const live = session();
    if (live === null) return { ok: false, offline: false };
    const timeout = new Promise<Token>((resolve) => {
      setTimeout(() => resolve({ ok: false, offline: true }), TOKEN_TIMEOUT_MS);
    });
    const asked = live.getToken({ skipCache: true }).then(
      (token): Token => {
        if (token === null) return { ok: false, offline: false };
        tokenEndsAtMs = Date.now() + tokenLifetimeMs(token);
        return { ok: true, token };
      },
      (error: unknown): Token => ({ ok: false, offline: failureOf(error).kind === 'unreachable' }),
    );
    return Promise.race([asked, timeout]);
  }

  return {
    prepare: async () => {
      try {
        await prepare();
        return { ok: true };
      } catch (error) {
        // A half-loaded client is not to be trusted with a sign-in.
        clerk = newClerk(options);
        return { ok: false, text: failureOf(error).text };
      }
    },

    ...clerkSignInSteps({ clerk: () => clerk, activate, endLive, openBrowser: options.openBrowser }),

    getToken,

    ensureToken: () =>
      session() !== null && tokenEndsAtMs - Date.now() > TOKEN_LEFT_MIN_MS
        ? Promise.resolve({ ok: true })
        : getToken(),

    startReverification: () =>
      attempt(async () => {
        reverifiesByEmail = false;
        const answer = await session()?.startVerification({ level: 'first_factor' });
        const factors: Factors = answer?.supportedFirstFactors ?? null;
        const step = verificationStep(answer?.status, factors);
        const emailAddressId = factors?.find(({ strategy }) => strategy === 'email_code')?.emailAddressId;
        if (step.kind !== 'unsupported' || emailAddressId === undefined) return step;
        await session()?.prepareFirstFactorVerification({ strategy: 'email_code', emailAddressId });
        reverifiesByEmail = true;
        return { kind: 'email_code' };
      }),

    reverifyPassword: (password) =>
      attempt(async () => {
        const answer = await session()?.attemptFirstFactorVerification({ strategy: 'password', password });
        return verificationStep(answer?.status, answer?.supportedSecondFactors ?? null);
      }),

    reverifyCode: (code) =>
      attempt(
        async () => {
          const answer = reverifiesByEmail
            ? await session()?.attemptFirstFactorVerification({ strategy: 'email_code', code })
            : await session()?.attemptSecondFactorVerification({ strategy: 'totp', code });
          reverifiesByEmail = false;
          return verificationStep(answer?.status, answer?.supportedSecondFactors ?? null);
        },
        reverifiesByEmail ? 'email_code' : 'totp',
      ),

    end: async () => {
      tokenEndsAtMs = 0;
      try {
        await clerk.signOut(() => undefined);
      } catch {
        // Main ends the session for good whatever happens here; what is left in this page is thrown away.
        clerk = newClerk(options);
      }
    },
  };
}

function newClerk({ publishableKey, origin }: ClerkIdentityOptions): Clerk {
  const clerk = new Clerk(publishableKey);
  clerk.__internal_onBeforeRequest((request: { credentials?: string; url?: URL }) => {
    request.credentials = 'omit';
    if (request.url === undefined) return;
    const { pathname, search } = request.url;
    request.url = new URL(`${origin}${IDENTITY_PATH}${pathname}${search}`);
    request.url.searchParams.append('_is_native', '1');
  });
  return clerk;
}

const Lifetime = z.object({ iat: z.number(), exp: z.number() });

/** What the token says of its own length; 0 where it cannot be read. */
function tokenLifetimeMs(token: string): number {
  try {
    const payload = atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
    const { iat, exp } = Lifetime.parse(JSON.parse(payload));
    return (exp - iat) * 1000;
  } catch {
    return 0;
  }
}

type Factors = readonly ClerkFactor[] | null;

function verificationStep(status: string | undefined, factors: Factors): FactorStep {
  if (status === 'complete') return { kind: 'complete' };
  const offers = (wanted: string) => factors?.some(({ strategy }) => strategy === wanted) ?? false;
  if (status === 'needs_first_factor' && offers('password')) return { kind: 'password' };
  if (status === 'needs_second_factor' && offers('totp')) return { kind: 'totp' };
  return { kind: 'unsupported', factor: namesOf(factors ?? []) };
}

async function attempt(
  step: () => Promise<FactorStep>,
  typed: 'email_code' | 'totp' = 'totp',
): Promise<FactorStep> {
  try {
    return await step();
  } catch (error) {
    return failureOf(error, typed);
  }
}
