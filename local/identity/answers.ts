import type { IdentityContext } from './identity-context.ts';
import type { ClientRecord } from './identity-state.ts';
import { clientJson } from './shapes.ts';

export type Answer = { status: number; body: unknown; headers?: Record<string, string> };

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
