// Signed events of the identity service: the third verifier that may name an organization.
import { verifyWebhook } from '@clerk/backend/webhooks';
import { z } from 'zod';
import { ClerkSessionId, OrgId, UserId } from '#protocol/ids.ts';
import { vouch } from './verified-org.ts';
import type { VerifiedOrg } from './verified-org.ts';

const Event = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['session.revoked', 'session.removed', 'session.ended']),
    data: z.looseObject({ id: ClerkSessionId }),
  }),
  z.object({
    type: z.literal('organizationMembership.deleted'),
    data: z.looseObject({
      organization: z.looseObject({ id: OrgId }),
      public_user_data: z.looseObject({ user_id: UserId }),
    }),
  }),
]);

export type AccessEnded =
  | { readonly kind: 'sign-in'; readonly sid: ClerkSessionId }
  | { readonly kind: 'membership'; readonly org: VerifiedOrg; readonly userId: UserId }
  /** Signed, and nothing that ends access. */
  | { readonly kind: 'other' };

/** Throws when the signature, or the time it was made, does not fit. */
export async function verifyClerkWebhook(request: Request, signingSecret: string): Promise<AccessEnded> {
  const parsed = Event.safeParse(await verifyWebhook(request, { signingSecret }));
  if (!parsed.success) return { kind: 'other' };
  const event = parsed.data;
  if (event.type !== 'organizationMembership.deleted') return { kind: 'sign-in', sid: event.data.id };
  const { organization, public_user_data } = event.data;
  return { kind: 'membership', org: vouch(organization.id), userId: public_user_data.user_id };
}
