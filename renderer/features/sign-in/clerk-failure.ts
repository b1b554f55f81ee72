import { z } from 'zod';
import type { Unreachable, Wrong } from './identity.ts';

export const UNREACHABLE = 'The sign-in service does not answer. Check the network, then try again.';

const ClerkFailure = z.object({
  status: z.number().optional(),
  /** Seconds. */
  retryAfter: z.number().optional(),
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

const FIELDS: Readonly<Record<string, Wrong['field']>> = {
  identifier: 'email',
  password: 'password',
  code: 'code',
};

/** Where the service's own words would name ways that this console does not have, or no next step. */
const TEXTS: Readonly<Record<string, string>> = {
  form_identifier_not_found: 'No account has this address. Check it, or ask an administrator to invite you.',
  form_param_format_invalid: 'This is no e-mail address.',
  form_password_incorrect: 'Password is incorrect. Try again.',
  organization_not_found_or_unauthorized:
    'This account has no access to this client. Sign in with another one, or ask an administrator.',
  resource_not_found: 'This sign-in has ended. Start again.',
  authentication_invalid: 'This sign-in has ended. Start again.',
  strategy_for_user_invalid: 'Your account does not allow this way to sign in. Start again.',
  user_locked:
    'This account is locked after too many wrong tries. Wait an hour, or ask an administrator to unlock it.',
};

const WRONG_CODE = {
  totp: 'Code is incorrect. Type the one that is shown now.',
  email_code: 'Code is incorrect. Type the one from the newest e-mail.',
  backup_code: 'Backup code is incorrect, or was used before: each works once.',
} as const;

export function saysSessionExists(error: unknown): boolean {
  const parsed = ClerkFailure.safeParse(error);
  return parsed.success && parsed.data.errors.some(({ code }) => code === 'session_exists');
}

/** What clerk-js threw: refused by the identity service, or no answer from it. */
export function failureOf(error: unknown, typed: keyof typeof WRONG_CODE = 'totp'): Wrong | Unreachable {
  const parsed = ClerkFailure.safeParse(error);
  const [first] = parsed.success ? parsed.data.errors : [];
  const status = parsed.success ? parsed.data.status : undefined;
  const waitSeconds = parsed.success ? (parsed.data.retryAfter ?? null) : null;
  if (first === undefined || status === undefined || status >= 500) {
    return { kind: 'unreachable', text: first?.longMessage ?? UNREACHABLE };
  }
  const field = FIELDS[first.meta?.paramName ?? ''] ?? 'other';
  const wrong = { kind: 'wrong', field, spent: false, waitSeconds: null } as const;
  switch (first.code) {
    case 'form_code_incorrect':
      return { ...wrong, field: 'code', text: WRONG_CODE[typed] };
    case 'verification_expired':
      return {
        ...wrong,
        field: 'code',
        spent: true,
        text:
          typed === 'email_code'
            ? 'This code has expired. Have a new one sent.'
            : 'This sign-in took too long. Start again.',
      };
    case 'verification_failed':
      return {
        ...wrong,
        field: 'code',
        spent: true,
        text: `Too many wrong tries. ${typed === 'email_code' ? 'Have a new code sent, or start' : 'Start'} again.`,
      };
    case 'too_many_requests':
      return {
        ...wrong,
        field: 'other',
        waitSeconds,
        text: `Too many tries. ${waitSeconds === null ? 'Wait a minute' : `Wait ${waitSeconds} s`}, then try again.`,
      };
    default:
      return { ...wrong, text: TEXTS[first.code] ?? first.longMessage ?? first.message };
  }
}
