import { z } from 'zod';
import { bare, refusal, refusals } from '../answers.ts';
import { factorAges } from '../tokens.ts';
import type { Route } from '../router.ts';

const ages = z.strictObject({ first: z.number().int().min(0), second: z.number().int().min(-1).optional() });

/** For tests only, behind the secret key. Clerk has nothing like it: no product code may call these. */
export const testControlRoutes: Route[] = [
  {
    // The e-mails to one address, newest first: ?to=address.
    method: 'GET',
    path: '/__local/mail',
    access: 'secret',
    handle: (context, { query }) => bare({ data: context.mailbox.to(query.get('to') ?? '') }),
  },
  {
    // Body {first, second?}: minutes since each factor was verified; second -1 means never.
    method: 'POST',
    path: '/__local/sessions/:sessionId/factor-age',
    access: 'secret',
    handle: (context, { params, body }) => {
      const session = context.state.sessions[params.sessionId ?? ''];
      if (!session) return refusals.notFound('session');
      const parsed = ages.safeParse(body);
      if (!parsed.success) {
        return refusal(422, 'form_param_value_invalid', 'Send {"first": minutes, "second": minutes or -1}.');
      }
      const ago = (minutes: number) => context.now() - minutes * 60_000;
      session.firstFactorAt = ago(parsed.data.first);
      if (parsed.data.second !== undefined) {
        session.secondFactorAt = parsed.data.second === -1 ? null : ago(parsed.data.second);
      }
      return bare({ id: session.id, factor_verification_age: factorAges(session, context.now()) });
    },
  },
];
