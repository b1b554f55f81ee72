// The step of a sign-in that happens in the system's browser, as main reads it out of the identity server's answers.
import { z } from 'zod';
import { askIdentityServer, NATIVE, type IdentityServerOptions } from './identity-server.ts';

/** A sign-in that was sent to a page of the person's company. */
export interface BrowserStep {
  readonly signInId: string;
  /** Where it was sent; not looked at yet. */
  readonly address: string;
  /** Aborted when the sign-in ends, begins anew or was sent elsewhere. */
  readonly over: AbortSignal;
}

/** `waiting`: nothing has happened there. `refused`: not for this client. */
export type BrowserStepState = 'verified' | 'failed' | 'waiting' | 'refused' | 'unreachable';

const LOOK_TIMEOUT_MS = 10_000;
const SignInId = z.string().regex(/^sia_\w+$/);
const Sent = z.object({
  response: z.object({
    id: SignInId,
    first_factor_verification: z.object({
      status: z.literal('unverified'),
      strategy: z.literal('enterprise_sso'),
      external_verification_redirect_url: z.string().min(1),
    }),
  }),
});
const Looked = z.object({
  response: z.object({
    first_factor_verification: z
      .object({ status: z.string().nullish(), error: z.unknown().optional() })
      .nullish(),
  }),
});

/** From the raw answer to prepare_first_factor; null when it sends nobody anywhere. */
export function sentToBrowser(answer: unknown): Pick<BrowserStep, 'signInId' | 'address'> | null {
  const sent = Sent.safeParse(answer);
  if (!sent.success) return null;
  const { id, first_factor_verification: verification } = sent.data.response;
  return { signInId: id, address: verification.external_verification_redirect_url };
}

/**
 * Asks how the step stands, as the client that began it. After a sign-in in the browser the server knows that
 * client again only by the nonce, and then gives it a new token.
 */
export async function lookAtBrowserStep(
  server: IdentityServerOptions,
  { signInId, over }: BrowserStep,
  nonce: string | null,
): Promise<BrowserStepState> {
  const answer = await askIdentityServer(server, {
    method: 'GET',
    path: `/v1/client/sign_ins/${signInId}`,
    query: new URLSearchParams({ ...NATIVE, ...(nonce === null ? {} : { rotating_token_nonce: nonce }) }),
    body: null,
    timeoutMs: LOOK_TIMEOUT_MS,
    signal: over,
  });
  if (answer.kind === 'aborted') return 'refused';
  if (answer.kind === 'unreachable' || answer.status >= 500) return 'unreachable';
  const looked = Looked.safeParse(answer.status === 200 ? answer.body : null);
  if (!looked.success) return 'refused';
  const verification = looked.data.response.first_factor_verification;
  if (verification?.status === 'verified') return 'verified';
  const failed = verification?.status === 'failed' || verification?.status === 'expired';
  return failed || (verification?.error ?? null) !== null ? 'failed' : 'waiting';
}
