import type { Answer } from '../answers.ts';
import { refusal, refusals, withClient } from '../answers.ts';
import { checkEmailCode, checkPassword, checkSecondFactor, sendCode } from '../check-factor.ts';
import { emailIdOf, firstFactors, secondFactors } from '../factors.ts';
import type { IdentityContext } from '../identity-context.ts';
import { activeSessions, startClient } from '../identity-context.ts';
import type { ClientRecord, SignInRecord } from '../identity-state.ts';
import type { ApiRequest, Route } from '../router.ts';
import { field } from '../router.ts';
import type { UserSeed } from '../seed.ts';
import { signInJson } from '../shapes.ts';
import { completeSignIn, firstFactorDone } from '../sign-in-progress.ts';
import { clientToken } from '../tokens.ts';
import { startBrowserStep } from './browser-sign-in.ts';

/** Signing in: who, then a first factor, then a second one where the person has it or the device is new. */
export const signInRoutes: Route[] = [
  { method: 'POST', path: '/v1/client/sign_ins', access: 'native', handle: create },
  {
    method: 'GET',
    path: '/v1/client/sign_ins/:signInId',
    access: 'native',
    handle: (context, request) => onSignIn(context, request, () => null),
  },
  step('prepare_first_factor', (context, request, { signIn, user }) => {
    const strategy = field(request, 'strategy') ?? '';
    if (signIn.status !== 'needs_first_factor') return wrongStep();
    if (!offered(firstFactors(context, user), strategy)) return refusals.strategy();
    if (strategy === 'enterprise_sso') return startBrowserStep(context, request, signIn, user);
    if (strategy !== 'email_code') return refusals.strategy();
    if (field(request, 'email_address_id') !== emailIdOf(user)) return refusals.missing('email_address_id');
    signIn.firstStrategy = strategy;
    return sendCode(context, signIn, user);
  }),
  step('attempt_first_factor', (context, request, { client, signIn, user }) => {
    const strategy = field(request, 'strategy') ?? '';
    if (signIn.status !== 'needs_first_factor') return wrongStep();
    if (!offered(firstFactors(context, user), strategy)) return refusals.strategy();
    if (strategy === 'password') return attemptPassword(context, request, client, signIn, user);
    if (strategy !== 'email_code') return refusals.strategy();
    const code = field(request, 'code');
    if (code === null) return refusals.missing('code');
    signIn.firstStrategy = strategy;
    signIn.firstAttempts += 1;
    const refused = checkEmailCode(context, signIn, code);
    if (refused === null) firstFactorDone(context, client, signIn, user);
    return refused;
  }),
  step('prepare_second_factor', (context, request, { signIn, user }) => {
    if (signIn.status !== 'needs_client_trust') return wrongStep();
    if (field(request, 'strategy') !== 'email_code') return refusals.strategy();
    signIn.secondStrategy = 'email_code';
    return sendCode(context, signIn, user);
  }),
  step('attempt_second_factor', (context, request, { client, signIn, user }) => {
    const strategy = field(request, 'strategy') ?? '';
    const code = field(request, 'code');
    const trust = signIn.status === 'needs_client_trust';
    if (!trust && signIn.status !== 'needs_second_factor') return wrongStep();
    if (trust ? strategy !== 'email_code' : !offered(secondFactors(user), strategy))
      return refusals.strategy();
    if (code === null) return refusals.missing('code');
    const refused = trust
      ? checkEmailCode(context, signIn, code)
      : checkSecondFactor(context, user, strategy, code, signIn.secondAttempts);
    signIn.secondStrategy = strategy;
    signIn.secondAttempts += 1;
    if (refused !== null) return refused;
    // It says that this device is the person's own; it is no second factor of theirs.
    if (!trust) signIn.secondFactorAt = context.now();
    completeSignIn(context, client, signIn);
    return null;
  }),
];

type OpenSignIn = { client: ClientRecord; signIn: SignInRecord; user: UserSeed };

/** A step on a standing sign-in: what it refuses, or else the sign-in as it is then. */
function step(
  name: string,
  take: (context: IdentityContext, request: ApiRequest, open: OpenSignIn) => Answer | null,
): Route {
  return {
    method: 'POST',
    path: `/v1/client/sign_ins/:signInId/${name}`,
    access: 'native',
    handle: (context, request) => onSignIn(context, request, (open) => take(context, request, open)),
  };
}

function create(context: IdentityContext, request: ApiRequest): Answer {
  if (request.client && activeSessions(context, request.client.id).length > 0) {
    return refusal(400, 'session_exists', 'Session already exists', {
      longMessage: "You're already signed in.",
    });
  }
  const strategy = field(request, 'strategy');
  if (strategy !== null && !['password', 'enterprise_sso'].includes(strategy)) return refusals.strategy();
  const identifier = field(request, 'identifier');
  if (identifier === null) return refusals.missing('identifier');
  const user = context.directory.userByEmail(identifier);
  if (!user) {
    return refusal(422, 'form_identifier_not_found', "Couldn't find your account.", {
      parameter: 'identifier',
    });
  }
  if (strategy !== null && !offered(firstFactors(context, user), strategy)) return refusals.strategy();
  const client = request.client ?? startClient(context);
  const signIn: SignInRecord = {
    id: context.newId('sia'),
    clientId: client.id,
    userId: user.id,
    status: 'needs_first_factor',
    knownDevice: client.trustedBy.includes(user.id),
    firstStrategy: strategy ?? 'password',
    secondStrategy: 'totp',
    firstAttempts: 0,
    secondAttempts: 0,
    emailCode: null,
    browser: null,
    firstFactorAt: null,
    secondFactorAt: null,
    createdSessionId: null,
    createdAt: context.now(),
  };
  const refused =
    strategy === 'password'
      ? attemptPassword(context, request, client, signIn, user)
      : strategy === 'enterprise_sso'
        ? startBrowserStep(context, request, signIn, user)
        : null;
  if (refused !== null) {
    // As with Clerk, a wrong password in one step leaves neither a sign-in nor a client behind.
    if (request.client === null) delete context.state.clients[client.id];
    return refused;
  }
  context.state.signIns[signIn.id] = signIn;
  if (signIn.status !== 'complete') client.signInId = signIn.id;
  client.updatedAt = context.now();
  return {
    ...withClient(context, client, signInJson(context, signIn)),
    headers: { authorization: clientToken(context.key, client) },
  };
}

function attemptPassword(
  context: IdentityContext,
  request: ApiRequest,
  client: ClientRecord,
  signIn: SignInRecord,
  user: UserSeed,
): Answer | null {
  const password = field(request, 'password');
  if (password === null) return refusals.missing('password');
  signIn.firstStrategy = 'password';
  signIn.firstAttempts += 1;
  const refused = checkPassword(context, user, password);
  if (refused === null) firstFactorDone(context, client, signIn, user);
  return refused;
}

function onSignIn(
  context: IdentityContext,
  request: ApiRequest,
  take: (open: OpenSignIn) => Answer | null,
): Answer {
  const client = request.client;
  if (!client) return refusals.signedOut();
  const signIn = context.state.signIns[request.params.signInId ?? ''];
  const user = signIn ? context.directory.userById(signIn.userId) : undefined;
  if (!signIn || !user || signIn.clientId !== client.id) return refusals.notFound('sign in');
  return take({ client, signIn, user }) ?? withClient(context, client, signInJson(context, signIn));
}

function offered(factors: readonly Record<string, unknown>[], strategy: string): boolean {
  return factors.some((factor) => factor['strategy'] === strategy);
}

function wrongStep(): Answer {
  return refusal(400, 'verification_already_verified', 'This verification has already been verified.');
}
