// oxlint-disable no-underscore-dangle -- clerk-js names its hooks for native applications so
import { Clerk } from '@clerk/clerk-js/no-rhc';
import { z } from 'zod';
import { IDENTITY_PATH } from '#contract/ipc.ts';
import type { OrgId } from '#protocol/ids.ts';
import type { FactorStep, Identity, Token } from './identity.ts';

interface ClerkIdentityOptions {
  readonly publishableKey: string;
  /**
   * The one organization of this window: a session is activated for it, once, and for no other.
   * Null: for none; signing in is all that is wanted.
   */
  readonly orgId: OrgId | null;
  /** Where main's identity proxy answers: this page's own origin. */
  readonly origin: string;
}

type ClerkSession = NonNullable<Clerk['session']>;

const TOKEN_TIMEOUT_MS = 12_000;
/** A token with less left than this is not worth connecting with. */
const TOKEN_LEFT_MIN_MS = 15_000;
const UNREACHABLE = 'The sign-in service does not answer. It is tried again by itself.';

/** Real clerk-js in its native mode, speaking to Clerk through main's proxy and to nothing else. */
export function createClerkIdentity(options: ClerkIdentityOptions): Identity {
  let clerk = newClerk(options);

  /** By this clock, counted from when the newest token came: the server's clock may be another. */
  let tokenEndsAtMs = 0;

  const session = (): ClerkSession | null => clerk.session ?? null;

  async function activate(sessionId: string | null): Promise<FactorStep> {
    if (sessionId === null) return { kind: 'unsupported', factor: 'a further step of the sign-in' };
    if (options.orgId === null) return { kind: 'complete' };
    try {
      await clerk.setActive({ session: sessionId, organization: options.orgId });
    } catch (error) {
      // A session that is active for no organization would stand in the way of the next try.
      await clerk.signOut(() => undefined);
      throw error;
    }
    return { kind: 'complete' };
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
      (error: unknown): Token => ({ ok: false, offline: errorStep(error).kind === 'unreachable' }),
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
        return { ok: false, text: errorStep(error).text };
      }
    },

    signIn: (identifier, password) =>
      attempt(async () => {
        const { signIn } = clerk.client ?? {};
        if (signIn === undefined) return { kind: 'unreachable', text: UNREACHABLE };
        const answer = await signIn.create({ strategy: 'password', identifier, password });
        if (answer.status === 'complete') return activate(answer.createdSessionId);
        return nextStep(answer.status, answer.supportedSecondFactors ?? answer.supportedFirstFactors);
      }),

    signInCode: (code) =>
      attempt(async () => {
        const { signIn } = clerk.client ?? {};
        if (signIn === undefined) return { kind: 'unreachable', text: UNREACHABLE };
        const answer = await signIn.attemptSecondFactor({ strategy: 'totp', code });
        return answer.status === 'complete'
          ? activate(answer.createdSessionId)
          : nextStep(answer.status, null);
      }),

    getToken,

    ensureToken: () =>
      session() !== null && tokenEndsAtMs - Date.now() > TOKEN_LEFT_MIN_MS
        ? Promise.resolve({ ok: true })
        : getToken(),

    startReverification: () =>
      attempt(async () => {
        const answer = await session()?.startVerification({ level: 'first_factor' });
        return verificationStep(answer?.status, answer?.supportedFirstFactors ?? null);
      }),

    reverifyPassword: (password) =>
      attempt(async () => {
        const answer = await session()?.attemptFirstFactorVerification({ strategy: 'password', password });
        return verificationStep(answer?.status, answer?.supportedSecondFactors ?? null);
      }),

    reverifyCode: (code) =>
      attempt(async () => {
        const answer = await session()?.attemptSecondFactorVerification({ strategy: 'totp', code });
        return verificationStep(answer?.status, null);
      }),

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

type Factors = readonly { readonly strategy: string }[] | null;

function nextStep(status: string | null, factors: Factors): FactorStep {
  const offersTotp = factors?.some(({ strategy }) => strategy === 'totp') ?? false;
  if (status === 'needs_second_factor' && offersTotp) return { kind: 'totp' };
  if (status === 'needs_new_password') return { kind: 'unsupported', factor: 'a new password' };
  if (status === 'needs_client_trust')
    return { kind: 'unsupported', factor: 'the confirmation of a new device' };
  return { kind: 'unsupported', factor: factorNames(factors) ?? status ?? 'an unknown step' };
}

function verificationStep(status: string | undefined, factors: Factors): FactorStep {
  if (status === 'complete') return { kind: 'complete' };
  if (status === 'needs_first_factor' && factors?.some(({ strategy }) => strategy === 'password') === true) {
    return { kind: 'password' };
  }
  return nextStep(status ?? null, factors);
}

const FACTOR_NAMES: Readonly<Record<string, string>> = {
  email_code: 'a code by e-mail',
  phone_code: 'a code by text message',
  backup_code: 'a backup code',
  passkey: 'a passkey',
  enterprise_sso: 'single sign-on of your company',
  totp: 'an authenticator app',
  password: 'a password',
};

function factorNames(factors: Factors): string | null {
  if (factors === null || factors.length === 0) return null;
  return factors.map(({ strategy }) => FACTOR_NAMES[strategy] ?? strategy).join(' or ');
}

async function attempt(step: () => Promise<FactorStep>): Promise<FactorStep> {
  try {
    return await step();
  } catch (error) {
    return errorStep(error);
  }
}

const ClerkFailure = z.object({
  status: z.number().optional(),
  errors: z
    .array(
      z.object({
        code: z.string(),
        message: z.string(),
        longMessage: z.string().optional(),
        meta: z.object({ paramName: z.string().optional() }).optional(),
      }),
    )
    .min(1),
});

const FIELDS: Readonly<Record<string, 'email' | 'password' | 'code'>> = {
  identifier: 'email',
  password: 'password',
  code: 'code',
};

/** Where the service's own words would name ways that this console does not have, or none at all. */
const TEXTS: Readonly<Record<string, string>> = {
  form_password_incorrect: 'Password is incorrect. Try again.',
  form_code_incorrect: 'Code is incorrect. Type the one that is shown now.',
  organization_not_found_or_unauthorized:
    'This account has no access to this client. Sign in with another one, or ask an administrator.',
};

/** What clerk-js threw, as a step: refused by the identity service, or no answer from it. */
function errorStep(error: unknown): Extract<FactorStep, { kind: 'wrong' | 'unreachable' }> {
  const parsed = ClerkFailure.safeParse(error);
  const [first] = parsed.success ? parsed.data.errors : [];
  const status = parsed.success ? parsed.data.status : undefined;
  if (first === undefined || status === undefined || status >= 500 || status === 429) {
    return { kind: 'unreachable', text: first?.longMessage ?? UNREACHABLE };
  }
  const field = FIELDS[first.meta?.paramName ?? ''] ?? 'other';
  return { kind: 'wrong', field, text: TEXTS[first.code] ?? first.longMessage ?? first.message };
}
