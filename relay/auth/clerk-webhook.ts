// Signed events of the identity service: the third verifier that may name an organization.
import { verifyWebhook } from '@clerk/backend/webhooks';
import { z } from 'zod';
import { ClerkSessionId, OrgId, UserId } from '#protocol/ids.ts';
import { Role } from '#protocol/records.ts';
import { vouch } from './verified-org.ts';
import type { VerifiedOrg } from './verified-org.ts';

/** When it happened, epoch ms of the identity service's clock, also where the news is delivered again later. */
const timestamp = z.number().int().positive().optional();
const Member = z.looseObject({
  organization: z.looseObject({ id: OrgId }),
  public_user_data: z.looseObject({ user_id: UserId }),
});

const Event = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['session.revoked', 'session.removed', 'session.ended']),
    timestamp,
    data: z.looseObject({ id: ClerkSessionId }),
  }),
  z.object({ type: z.literal('organizationMembership.deleted'), timestamp, data: Member }),
  z.object({
    type: z.literal('organizationMembership.updated'),
    timestamp,
    data: Member.extend({ role: z.string() }),
  }),
  z.object({ type: z.literal('organization.deleted'), timestamp, data: z.looseObject({ id: OrgId }) }),
  z.object({ type: z.literal('user.deleted'), timestamp, data: z.looseObject({ id: UserId }) }),
  z.object({
    type: z.literal('user.updated'),
    timestamp,
    data: z.looseObject({ id: UserId, banned: z.boolean() }),
  }),
]);

/** `at`: tokens issued by then are not worth what they say. */
export type AccessNews =
  | { readonly kind: 'sign-in'; readonly sid: ClerkSessionId }
  | { readonly kind: 'membership'; readonly org: VerifiedOrg; readonly userId: UserId; readonly at: number }
  | {
      readonly kind: 'role';
      readonly org: VerifiedOrg;
      readonly userId: UserId;
      /** Null: one that opens no workspace. */
      readonly role: Role | null;
      readonly at: number;
    }
  | { readonly kind: 'organization'; readonly org: VerifiedOrg; readonly at: number }
  | { readonly kind: 'person'; readonly userId: UserId; readonly at: number }
  /** Signed, and nothing that changes access. */
  | { readonly kind: 'other' };

/** Throws when the signature, or the time it was made, does not fit. `now`: epoch ms. */
export async function verifyClerkWebhook(
  request: Request,
  signingSecret: string,
  now: number,
): Promise<AccessNews> {
  const parsed = Event.safeParse(await verifyWebhook(request, { signingSecret }));
  return parsed.success ? newsOf(parsed.data, now) : { kind: 'other' };
}

function newsOf(event: z.infer<typeof Event>, now: number): AccessNews {
  // Of the future it would bar tokens that are yet to be issued.
  const at = Math.min(event.timestamp ?? now, now);
  switch (event.type) {
    case 'session.revoked':
    case 'session.removed':
    case 'session.ended':
      return { kind: 'sign-in', sid: event.data.id };
    case 'organizationMembership.deleted':
      return { kind: 'membership', at, ...memberOf(event.data) };
    case 'organizationMembership.updated': {
      const role = Role.safeParse(event.data.role.replace(/^org:/, ''));
      return { kind: 'role', at, ...memberOf(event.data), role: role.success ? role.data : null };
    }
    case 'organization.deleted':
      return { kind: 'organization', at, org: vouch(event.data.id) };
    case 'user.deleted':
      return { kind: 'person', at, userId: event.data.id };
    case 'user.updated':
      return event.data.banned ? { kind: 'person', at, userId: event.data.id } : { kind: 'other' };
  }
}

function memberOf(data: z.infer<typeof Member>): { org: VerifiedOrg; userId: UserId } {
  return { org: vouch(data.organization.id), userId: data.public_user_data.user_id };
}
