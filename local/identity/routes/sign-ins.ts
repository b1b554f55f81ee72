import type { Answer } from '../answers.ts';
import { refusal, refusals, withClient } from '../answers.ts';
import { secretsMatch } from '../directory.ts';
import type { IdentityContext } from '../identity-context.ts';
import { activeSessions, startClient, startSession } from '../identity-context.ts';
import type { ClientRecord, SignInRecord } from '../identity-state.ts';
import type { ApiRequest, Route } from '../router.ts';
import { field } from '../router.ts';
import type { UserSeed } from '../seed.ts';
import { signInJson } from '../shapes.ts';
import { clientToken } from '../tokens.ts';
import { totpMatches } from '../totp.ts';

/** Signing in: identifier and password at once or one after the other, then TOTP where the user has it. */
export const signInRoutes: Route[] = [
  { method: 'POST', path: '/v1/client/sign_ins', access: 'native', handle: create },
  {
    method: 'GET',
    path: '/v1/client/sign_ins/:signInId',
    access: 'native',
    handle: (context, request) =>
      onSignIn(context, request, ({ client, signIn }) =>
        withClient(context, client, signInJson(context, signIn)),
      ),
  },
  {
    method: 'POST',
    path: '/v1/client/sign_ins/:signInId/attempt_first_factor',
    access: 'native',
    handle: (context, request) =>
      onSignIn(context, request, ({ client, signIn, user }) => {
        if (field(request, 'strategy') !== 'password') return refusals.strategy();
        if (signIn.status !== 'needs_first_factor') return wrongStep();
        return attemptPassword(context, request, client, signIn, user);
      }),
  },
  {
    method: 'POST',
    path: '/v1/client/sign_ins/:signInId/attempt_second_factor',
    access: 'native',
    handle: (context, request) =>
      onSignIn(context, request, ({ client, signIn, user }) => {
        if (field(request, 'strategy') !== 'totp' || user.totpSecret === undefined) {
          return refusals.strategy();
        }
        if (signIn.status !== 'needs_second_factor') return wrongStep();
        const code = field(request, 'code');
        if (code === null) return refusals.missing('code');
        signIn.secondAttempts += 1;
        if (!totpMatches(user.totpSecret, code, context.now())) return refusals.codeIncorrect();
        signIn.secondFactorAt = context.now();
        complete(context, client, signIn);
        return withClient(context, client, signInJson(context, signIn));
      }),
  },
];

function create(context: IdentityContext, request: ApiRequest): Answer {
  if (request.client && activeSessions(context, request.client.id).length > 0) {
    return refusal(400, 'session_exists', 'Session already exists', {
      longMessage: "You're already signed in.",
    });
  }
  const strategy = field(request, 'strategy');
  if (strategy !== null && strategy !== 'password') return refusals.strategy();
  const identifier = field(request, 'identifier');
  if (identifier === null) return refusals.missing('identifier');
  const user = context.directory.userByEmail(identifier);
  if (!user) {
    return refusal(422, 'form_identifier_not_found', "Couldn't find your account.", {
      parameter: 'identifier',
    });
  }
  const password = field(request, 'password');
  if (strategy === 'password') {
    // As with Clerk, a wrong password in one step leaves neither a sign-in nor a client behind.
    if (password === null) return refusals.missing('password');
    if (!secretsMatch(password, user.password)) return refusals.passwordIncorrect();
  }
  const client = request.client ?? startClient(context);
  const signIn: SignInRecord = {
    id: context.newId('sia'),
    clientId: client.id,
    userId: user.id,
    status: 'needs_first_factor',
    firstAttempts: 0,
    secondAttempts: 0,
    firstFactorAt: null,
    secondFactorAt: null,
    createdSessionId: null,
    createdAt: context.now(),
  };
  context.state.signIns[signIn.id] = signIn;
  client.signInId = signIn.id;
  client.updatedAt = context.now();
  const answer =
    strategy === 'password'
      ? attemptPassword(context, request, client, signIn, user)
      : withClient(context, client, signInJson(context, signIn));
  return { ...answer, headers: { authorization: clientToken(context.key, client) } };
}

function attemptPassword(
  context: IdentityContext,
  request: ApiRequest,
  client: ClientRecord,
  signIn: SignInRecord,
  user: UserSeed,
): Answer {
  const password = field(request, 'password');
  if (password === null) return refusals.missing('password');
  signIn.firstAttempts += 1;
  if (!secretsMatch(password, user.password)) return refusals.passwordIncorrect();
  signIn.firstFactorAt = context.now();
  if (user.totpSecret === undefined) complete(context, client, signIn);
  else signIn.status = 'needs_second_factor';
  return withClient(context, client, signInJson(context, signIn));
}

function complete(context: IdentityContext, client: ClientRecord, signIn: SignInRecord): void {
  const session = startSession(context, client, signIn.userId, {
    firstFactorAt: signIn.firstFactorAt ?? context.now(),
    secondFactorAt: signIn.secondFactorAt,
  });
  signIn.status = 'complete';
  signIn.createdSessionId = session.id;
  client.signInId = null;
}

type OpenSignIn = { client: ClientRecord; signIn: SignInRecord; user: UserSeed };

function onSignIn(
  context: IdentityContext,
  request: ApiRequest,
  handle: (open: OpenSignIn) => Answer,
): Answer {
  const client = request.client;
  if (!client) return refusals.signedOut();
  const signIn = context.state.signIns[request.params.signInId ?? ''];
  const user = signIn ? context.directory.userById(signIn.userId) : undefined;
  if (!signIn || !user || signIn.clientId !== client.id) return refusals.notFound('sign in');
  return handle({ client, signIn, user });
}

function wrongStep(): Answer {
  return refusal(400, 'verification_already_verified', 'This verification has already been verified.');
}
