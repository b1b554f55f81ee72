import { randomBytes } from 'node:crypto';
import type { Directory } from './directory.ts';
import type { ClientRecord, IdentityState, SessionRecord } from './identity-state.ts';
import type { Mailbox } from './mailbox.ts';
import type { SigningKey } from './signing-key.ts';
import type { TokenSettings } from './tokens.ts';

/** Everything a route may use. The state is changed in place and saved once a request, by the server. */
export type IdentityContext = {
  directory: Directory;
  state: IdentityState;
  key: SigningKey;
  tokens: TokenSettings;
  now: () => number;
  newId: (prefix: string) => string;
  mailbox: Mailbox;
  /** Null: the browser itself follows the address that ends a sign-in there. */
  sendBack: ((address: string) => void) | null;
  /** Queues a signed webhook; does nothing where none is configured. */
  emit: (type: WebhookType, data: Record<string, unknown>) => void;
};

export type WebhookType =
  | 'session.created'
  | 'session.ended'
  | 'session.removed'
  | 'session.revoked'
  | 'organizationMembership.deleted';

const sessionLifeMs = 7 * 24 * 60 * 60 * 1000;
const abandonMs = 30 * 24 * 60 * 60 * 1000;

export function startClient(context: IdentityContext): ClientRecord {
  const now = context.now();
  const client: ClientRecord = {
    id: context.newId('client'),
    rotatingToken: context.newId('rot').slice(4),
    rotation: null,
    trustedBy: [],
    signInId: null,
    lastActiveSessionId: null,
    createdAt: now,
    updatedAt: now,
  };
  context.state.clients[client.id] = client;
  return client;
}

export function startSession(
  context: IdentityContext,
  client: ClientRecord,
  userId: string,
  factors: { firstFactorAt: number; secondFactorAt: number | null },
): SessionRecord {
  const now = context.now();
  const session: SessionRecord = {
    id: context.newId('sess'),
    clientId: client.id,
    userId,
    status: 'active',
    createdAt: now,
    updatedAt: now,
    lastActiveAt: now,
    expireAt: now + sessionLifeMs,
    abandonAt: now + abandonMs,
    lastActiveOrganizationId: null,
    ...factors,
    verification: null,
  };
  context.state.sessions[session.id] = session;
  context.state.lastSignInAt[userId] = now;
  client.lastActiveSessionId = session.id;
  client.updatedAt = now;
  return session;
}

/** Ends an active session and says so by webhook; a session that has already ended is left as it is. */
export function finishSession(
  context: IdentityContext,
  session: SessionRecord,
  status: 'ended' | 'removed' | 'revoked',
): void {
  if (session.status !== 'active') return;
  const now = context.now();
  session.status = status;
  session.updatedAt = now;
  session.verification = null;
  const client = context.state.clients[session.clientId];
  if (client) {
    if (client.lastActiveSessionId === session.id) client.lastActiveSessionId = null;
    client.updatedAt = now;
  }
  context.emit(`session.${status}`, { ...backendSessionJson(session), user: null });
}

/** The active sessions of a client; those past their life are marked expired on the way. */
export function activeSessions(context: IdentityContext, clientId: string): SessionRecord[] {
  const now = context.now();
  return Object.values(context.state.sessions).filter((session) => {
    if (session.clientId !== clientId || session.status !== 'active') return false;
    if (session.expireAt > now) return true;
    session.status = 'expired';
    session.updatedAt = now;
    return false;
  });
}

/** A session as the Backend API gives it, and webhooks with its user (which may be null) beside. */
export function backendSessionJson(session: SessionRecord): Record<string, unknown> {
  return {
    object: 'session',
    id: session.id,
    client_id: session.clientId,
    user_id: session.userId,
    status: session.status,
    last_active_organization_id: session.lastActiveOrganizationId,
    actor: null,
    last_active_at: session.lastActiveAt,
    expire_at: session.expireAt,
    abandon_at: session.abandonAt,
    created_at: session.createdAt,
    updated_at: session.updatedAt,
  };
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `prefix_` and 27 base62 characters, the form of Clerk's ids (160 bits of randomness). */
export function randomId(prefix: string): string {
  let value = BigInt(`0x${randomBytes(20).toString('hex')}`);
  let text = '';
  for (let index = 0; index < 27; index += 1) {
    text += base62[Number(value % 62n)] ?? '';
    value /= 62n;
  }
  return `${prefix}_${text}`;
}
