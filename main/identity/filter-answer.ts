// From an answer of the identity server to what a window may see of it.
import { z } from 'zod';
import { answerShapes } from './answer-shapes.ts';
import { EnvironmentAnswer } from './environment-shape.ts';
import type { AnswerKind } from './identity-routes.ts';
import { sessionTokenOf, type SessionToken } from './session-token.ts';

export type FilteredAnswer =
  | { readonly ok: true; readonly body: unknown; readonly tokens: readonly SessionToken[] }
  | { readonly ok: false; readonly why: string };

// Messages of these codes are about what the person typed. Any other message could name an organization.
const SPEAKING_CODE =
  /^(?:form_|verification_|session_exists$|too_many_requests$|user_locked$|strategy_|captcha_)/;
const ORGANIZATION_ID = /org_[A-Za-z0-9]{20,40}/g;
const SIGNED_TOKEN = /\beyJ[\w-]*\.eyJ[\w-]*\./;

const ErrorAnswer = z.object({
  errors: z
    .array(
      z.object({
        code: z.string().regex(/^[a-z0-9_]{1,80}$/),
        message: z.string().catch(''),
        long_message: z.string().nullish().catch(null),
        meta: z
          .object({
            param_name: z
              .string()
              .regex(/^[a-z_]{1,60}$/)
              .optional(),
          })
          .nullish()
          .catch(null),
      }),
    )
    .min(1)
    .max(10),
});

/**
 * Keeps the named parts of a successful answer and drops everything of other organizations.
 * @param organizationId null: every organization is another, and no session token passes
 * @param tokens in the result: session tokens of this organization, for main's own use
 */
export function filterAnswer(
  kind: AnswerKind,
  answer: unknown,
  organizationId: string | null,
): FilteredAnswer {
  const tokens = new Map<string, SessionToken>();
  const isPinnedToken = (jwt: string): boolean => {
    const token = organizationId === null ? null : sessionTokenOf(jwt, organizationId);
    if (token !== null) tokens.set(jwt, token);
    return token !== null;
  };
  const shape =
    kind === 'environment' ? EnvironmentAnswer : answerShapes(organizationId, isPinnedToken)[kind];
  const parsed = shape.safeParse(answer);
  if (!parsed.success) return { ok: false, why: z.prettifyError(parsed.error).slice(0, 300) };
  return checked(parsed.data, organizationId, [...tokens.values()]);
}

/** An error answer: codes always, texts only where they are about the form. */
export function filterErrorAnswer(answer: unknown, organizationId: string | null): FilteredAnswer {
  const parsed = ErrorAnswer.safeParse(answer);
  if (!parsed.success) return { ok: false, why: 'no error in the known form' };
  const errors = parsed.data.errors.map(({ code, message, long_message: longMessage, meta }) => {
    const speaks = SPEAKING_CODE.test(code);
    const text = `The sign-in service refused this (${code}).`;
    return {
      code,
      message: speaks ? message.slice(0, 300) : text,
      long_message: speaks ? (longMessage ?? message).slice(0, 300) : text,
      meta: meta?.param_name === undefined ? undefined : { param_name: meta.param_name },
    };
  });
  return checked({ errors }, organizationId, []);
}

/** The last look: whatever the shapes let through, no id of another organization leaves main. */
function checked(
  body: unknown,
  organizationId: string | null,
  tokens: readonly SessionToken[],
): FilteredAnswer {
  const text = JSON.stringify(body);
  if ((text.match(ORGANIZATION_ID) ?? []).some((id) => id !== organizationId))
    return { ok: false, why: 'names another organization' };
  if (organizationId === null && SIGNED_TOKEN.test(text)) return { ok: false, why: 'holds a token' };
  return { ok: true, body, tokens };
}
