import type { Answer } from '../answers.ts';
import { refusal, refusals, withClient } from '../answers.ts';
import { checkEmailCode, checkPassword, checkSecondFactor, sendCode } from '../check-factor.ts';
import type { IdentityContext } from '../identity-context.ts';
import type { ClientRecord, SessionRecord, VerificationRecord } from '../identity-state.ts';
import type { ApiRequest, Route } from '../router.ts';
import { field } from '../router.ts';
import type { UserSeed } from '../seed.ts';
import { sessionVerificationJson } from '../shapes.ts';
import { onSession } from './sessions.ts';

/** Reverification: proving a factor again inside a session, which resets that factor's age. */
export const verificationRoutes: Route[] = [
  {
    method: 'POST',
    path: '/v1/client/sessions/:sessionId/verify',
    access: 'native',
    handle: (context, request) =>
      onVerifier(context, request, ({ client, session, user }) => {
        const level = levelOf(field(request, 'level') ?? 'first_factor');
        if (!level)
          return refusal(422, 'form_param_value_invalid', 'level is invalid', { parameter: 'level' });
        // Clerk falls back to the first factor for somebody without a second one.
        const secondOnly = level === 'second_factor' && user.totpSecret !== undefined;
        session.verification = {
          id: context.newId('sver'),
          level,
          status: secondOnly ? 'needs_second_factor' : 'needs_first_factor',
          firstAttempts: 0,
          secondAttempts: 0,
          firstVerified: false,
          secondVerified: false,
          firstStrategy: 'password',
          emailCode: null,
        };
        return withClient(context, client, sessionVerificationJson(context, session));
      }),
  },
  {
    method: 'POST',
    path: '/v1/client/sessions/:sessionId/verify/prepare_first_factor',
    access: 'native',
    handle: (context, request) =>
      onVerifier(context, request, ({ client, session, user }) => {
        const verification = session.verification;
        if (verification?.status !== 'needs_first_factor') return notStarted();
        if (field(request, 'strategy') !== 'email_code' || !user.emailCode) return refusals.strategy();
        verification.firstStrategy = 'email_code';
        return sendCode(context, verification, user) ?? answered(context, client, session);
      }),
  },
  {
    method: 'POST',
    path: '/v1/client/sessions/:sessionId/verify/attempt_first_factor',
    access: 'native',
    handle: (context, request) =>
      onVerifier(context, request, ({ client, session, user }) => {
        const verification = session.verification;
        if (verification?.status !== 'needs_first_factor') return notStarted();
        const refused = proveFirst(context, request, verification, user);
        if (refused !== null) return refused;
        verification.firstVerified = true;
        session.firstFactorAt = context.now();
        const more = verification.level === 'multi_factor' && user.totpSecret !== undefined;
        verification.status = more ? 'needs_second_factor' : 'complete';
        return answered(context, client, session);
      }),
  },
  {
    method: 'POST',
    path: '/v1/client/sessions/:sessionId/verify/attempt_second_factor',
    access: 'native',
    handle: (context, request) =>
      onVerifier(context, request, ({ client, session, user }) => {
        const verification = session.verification;
        if (verification?.status !== 'needs_second_factor') return notStarted();
        const code = field(request, 'code');
        if (code === null) return refusals.missing('code');
        const strategy = field(request, 'strategy') ?? '';
        const refused = checkSecondFactor(context, user, strategy, code, verification.secondAttempts);
        verification.secondAttempts += 1;
        if (refused !== null) return refused;
        verification.secondVerified = true;
        session.secondFactorAt = context.now();
        verification.status = 'complete';
        return answered(context, client, session);
      }),
  },
];

/** @returns null when the password or the code by e-mail is right */
function proveFirst(
  context: IdentityContext,
  request: ApiRequest,
  verification: VerificationRecord,
  user: UserSeed,
): Answer | null {
  const strategy = field(request, 'strategy') ?? '';
  const name = strategy === 'email_code' ? 'code' : 'password';
  if (strategy !== 'password' && (strategy !== 'email_code' || !user.emailCode)) return refusals.strategy();
  const given = field(request, name);
  if (given === null) return refusals.missing(name);
  verification.firstStrategy = strategy;
  verification.firstAttempts += 1;
  return strategy === 'password'
    ? checkPassword(context, user, given)
    : checkEmailCode(context, verification, given);
}

type Verifier = { client: ClientRecord; session: SessionRecord; user: UserSeed };

function onVerifier(
  context: IdentityContext,
  request: ApiRequest,
  handle: (verifier: Verifier) => Answer,
): Answer {
  return onSession(context, request, ({ client, session }) => {
    const user = context.directory.userById(session.userId);
    return user ? handle({ client, session, user }) : refusals.signedOut();
  });
}

function answered(context: IdentityContext, client: ClientRecord, session: SessionRecord): Answer {
  session.updatedAt = context.now();
  return withClient(context, client, sessionVerificationJson(context, session));
}

function notStarted(): Answer {
  return refusal(400, 'verification_missing', 'There is no reverification that waits for this factor.', {
    longMessage: 'Start a reverification of this session first, then answer the factor it asks for.',
  });
}

function levelOf(text: string): VerificationRecord['level'] | null {
  return text === 'first_factor' || text === 'second_factor' || text === 'multi_factor' ? text : null;
}
