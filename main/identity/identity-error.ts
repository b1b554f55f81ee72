// Refusals of our own, in the form that clerk-js understands.

export interface IdentityError {
  readonly status: number;
  readonly code: string;
  readonly text: string;
}

export const identityErrors = {
  unreachable: {
    status: 503,
    code: 'identity_unreachable',
    text: 'The sign-in service cannot be reached. Check the network, then try again.',
  },
  organizationPinned: {
    status: 403,
    code: 'organization_pinned',
    text: 'This window belongs to one organization and asks for no other.',
  },
  requestRefused: {
    status: 403,
    code: 'identity_request_refused',
    text: 'This request is not one that the console passes on.',
  },
  answerRefused: {
    status: 502,
    code: 'identity_answer_refused',
    text: 'The sign-in service answered something that the console does not understand.',
  },
  signedOutMeanwhile: {
    status: 401,
    code: 'authentication_invalid',
    text: 'The sign-in of this window has ended. Sign in again.',
  },
} as const satisfies Record<string, IdentityError>;

export function errorBody({ code, text }: IdentityError): unknown {
  return { errors: [{ code, message: text, long_message: text }] };
}
