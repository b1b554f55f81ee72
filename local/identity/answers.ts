import type { IdentityContext } from './identity-context.ts';
import type { ClientRecord } from './identity-state.ts';
import { clientJson } from './shapes.ts';

export type Answer = {
  status: number;
  /** Sent as JSON; text as a web page. */
  body: unknown;
  headers?: Record<string, string>;
};

/** An answer without Clerk's envelope. */
export function bare(body: unknown): Answer {
  return { status: 200, body };
}

/** The envelope of the Frontend API: the resource, and the client as it is after the change. */
export function withClient(context: IdentityContext, client: ClientRecord | null, response: unknown): Answer {
  return { status: 200, body: { response, client: client ? clientJson(context, client) : null } };
}

/** An error in Clerk's form. `parameter` names the offending body field. */
export function refusal(
  status: number,
  code: string,
  message: string,
  options: { longMessage?: string; parameter?: string } = {},
): Answer {
  return {
    status,
    body: {
      errors: [
        {
          code,
          message,
          long_message: options.longMessage ?? message,
          ...(options.parameter === undefined ? {} : { meta: { param_name: options.parameter } }),
        },
      ],
      clerk_trace_id: '',
    },
  };
}

export const refusals = {
  signedOut: (): Answer =>
    refusal(401, 'authentication_invalid', 'Invalid authentication', {
      longMessage: 'Unable to authenticate the request, you need to supply an active session',
    }),
  notFound: (what: string): Answer =>
    refusal(404, 'resource_not_found', 'not found', { longMessage: `No ${what} was found with that id` }),
  organization: (): Answer =>
    refusal(404, 'organization_not_found_or_unauthorized', 'Organization not found or unauthorized', {
      longMessage: 'Given organization not found, or you do not belong to it',
      parameter: 'organization_id',
    }),
  passwordIncorrect: (): Answer =>
    refusal(422, 'form_password_incorrect', 'Password is incorrect. Try again, or use another method.', {
      parameter: 'password',
    }),
  codeIncorrect: (): Answer =>
    refusal(422, 'form_code_incorrect', 'is incorrect', { longMessage: 'Incorrect code', parameter: 'code' }),
  verificationExpired: (): Answer =>
    refusal(400, 'verification_expired', 'Expired', {
      longMessage: 'This verification has expired. You must create a new one.',
    }),
  verificationFailed: (): Answer =>
    refusal(400, 'verification_failed', 'Failed', {
      longMessage: 'Too many failed attempts. You have to try again with the same or another method.',
    }),
  /** @param seconds until the next try counts */
  tooManyRequests: (seconds: number): Answer => ({
    ...refusal(429, 'too_many_requests', 'Too many requests. Please try again in a bit.'),
    headers: { 'retry-after': String(seconds) },
  }),
  locked: (seconds: number): Answer =>
    refusal(403, 'user_locked', 'Account locked', {
      longMessage: `Your account is locked. You will be able to try again in ${Math.ceil(seconds / 60)} minutes.`,
    }),
  redirectUrl: (): Answer =>
    refusal(422, 'form_param_value_invalid', 'is invalid', {
      longMessage:
        'The current redirect url passed in the sign in or sign up request does not match an authorized Redirect URI for this instance.',
      parameter: 'redirect_url',
    }),
  missing: (parameter: string): Answer =>
    refusal(422, 'form_param_missing', `${parameter} is missing`, {
      longMessage: `${parameter} must be included.`,
      parameter,
    }),
  strategy: (): Answer =>
    refusal(400, 'strategy_for_user_invalid', 'Invalid verification strategy', {
      longMessage: 'The verification strategy is not valid for this account',
      parameter: 'strategy',
    }),
};
