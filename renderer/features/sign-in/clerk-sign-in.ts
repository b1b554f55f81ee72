import { z } from 'zod';
import type { Clerk } from '@clerk/clerk-js/no-rhc';
import { SIGN_IN_CALLBACK } from '#contract/channels.ts';
import { askedNext, heldBack } from './clerk-factors.ts';
import { failureOf, saysSessionExists, UNREACHABLE } from './clerk-failure.ts';
import type { Identity, SignInAnswer } from './identity.ts';

type ClerkSignIn = NonNullable<Clerk['client']>['signIn'];
type Steps = Pick<Identity, 'identify' | 'submitPassword' | 'sendCode' | 'submitCode' | 'signInWithBrowser'>;

interface ClerkSignInOptions {
  readonly clerk: () => Clerk;
  /** The created session, for this window's organization or for none. */
  readonly activate: (sessionId: string) => Promise<void>;
  /** Ends whatever session the identity service has for this client. */
  readonly endLive: () => Promise<void>;
  /** Main opens the page that the sign-in was sent to; rejects with a CallFailure. */
  readonly openBrowser: () => Promise<void>;
}

/** The steps of a sign-in on clerk-js' present one. Each is answered, and none throws. */
export function clerkSignInSteps({ clerk, activate, endLive, openBrowser }: ClerkSignInOptions): Steps {
  async function take(
    step: (signIn: ClerkSignIn) => Promise<ClerkSignIn>,
    typed?: Parameters<typeof failureOf>[1],
  ): Promise<SignInAnswer> {
    const signIn = clerk().client?.signIn;
    if (signIn === undefined) return { kind: 'unreachable', text: UNREACHABLE };
    try {
      return await goOn(await step(signIn));
    } catch (error) {
      return failureOf(error, typed);
    }
  }

  async function goOn({
    status,
    createdSessionId,
    supportedFirstFactors,
    supportedSecondFactors,
  }: ClerkSignIn): Promise<SignInAnswer> {
    if (status !== 'complete') return askedNext(status, supportedFirstFactors, supportedSecondFactors);
    if (createdSessionId === null) return askedNext(null, null, null);
    const created = clerk().client?.sessions.find(({ id }) => id === createdSessionId);
    if (created?.status === 'pending') return heldBack(created.tasks?.[0]?.key);
    try {
      await activate(createdSessionId);
    } catch (error) {
      return { kind: 'rejected', text: failureOf(error).text };
    }
    return { kind: 'complete' };
  }

  return {
    identify: (identifier) =>
      take(async (signIn) => {
        try {
          return await signIn.create({ identifier });
        } catch (error) {
          if (!saysSessionExists(error)) throw error;
          // One that was given up while the browser was open has come through after all.
          await endLive();
          return (clerk().client?.signIn ?? signIn).create({ identifier });
        }
      }),

    submitPassword: (password) =>
      take((signIn) => signIn.attemptFirstFactor({ strategy: 'password', password })),

    sendCode: async ({ emailAddressId }, stage) => {
      const factor = { strategy: 'email_code', emailAddressId } as const;
      const answer = await take(
        (signIn) =>
          stage === 'first' ? signIn.prepareFirstFactor(factor) : signIn.prepareSecondFactor(factor),
        'email_code',
      );
      return answer.kind === 'ask' ? { kind: 'sent' } : answer;
    },

    submitCode: (factor, stage, code) =>
      take(
        (signIn) =>
          stage === 'first'
            ? signIn.attemptFirstFactor({ strategy: 'email_code', code })
            : signIn.attemptSecondFactor({ strategy: factor.kind, code }),
        factor.kind,
      ),

    signInWithBrowser: async (connectionId) => {
      const sent = await take((signIn) =>
        signIn.prepareFirstFactor({
          strategy: 'enterprise_sso',
          redirectUrl: SIGN_IN_CALLBACK,
          actionCompleteRedirectUrl: SIGN_IN_CALLBACK,
          ...(connectionId === null ? {} : { enterpriseConnectionId: connectionId }),
        }),
      );
      if (sent.kind !== 'ask') return sent;
      const refused = await openBrowser().then(() => null, browserFailure);
      // Main holds what came back with it: asking again is all that is left to do.
      return refused ?? take((signIn) => signIn.reload());
    },
  };
}

const CallFailure = z.object({ code: z.string(), text: z.string() });

function browserFailure(error: unknown): SignInAnswer {
  const failure = CallFailure.safeParse(error);
  if (failure.data?.code === 'browser_cancelled') return { kind: 'superseded' };
  const text = failure.data?.text ?? 'The browser could not be asked. Try again.';
  return { kind: 'wrong', field: 'other', text, spent: false, waitSeconds: null };
}
