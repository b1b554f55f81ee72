import { emailFactor, emailIdOf, firstFactors, secondFactors } from './factors.ts';
import type { IdentityContext } from './identity-context.ts';
import { activeSessions } from './identity-context.ts';
import type { Membership } from './directory.ts';
import type { ClientRecord, SessionRecord, SignInRecord } from './identity-state.ts';
import type { OrganizationSeed, UserSeed } from './seed.ts';
import { activeMembership, factorAges, sessionToken } from './tokens.ts';

type Json = Record<string, unknown>;

const dayMs = 24 * 60 * 60 * 1000;
// Seeded people and organizations have no history of their own; every start gives the same instant.
const seededAt = Date.UTC(2026, 0, 5, 9);

export function clientJson(context: IdentityContext, client: ClientRecord): Json {
  const signIn = client.signInId === null ? undefined : context.state.signIns[client.signInId];
  const sessions = activeSessions(context, client.id);
  return {
    object: 'client',
    id: client.id,
    sessions: sessions.map((session) => sessionJson(context, session)),
    sign_in: signIn ? signInJson(context, signIn) : null,
    sign_up: null,
    last_active_session_id: client.lastActiveSessionId,
    last_authentication_strategy: sessions.length > 0 ? 'password' : null,
    cookie_expires_at: null,
    captcha_bypass: false,
    created_at: client.createdAt,
    updated_at: client.updatedAt,
  };
}

export function sessionJson(context: IdentityContext, session: SessionRecord): Json {
  const now = context.now();
  const user = context.directory.userById(session.userId);
  const membership = activeMembership(context.directory, session);
  return {
    object: 'session',
    id: session.id,
    status: session.status,
    expire_at: session.expireAt,
    abandon_at: session.abandonAt,
    factor_verification_age: factorAges(session, now),
    last_active_at: session.lastActiveAt,
    last_active_organization_id: membership?.organization.id ?? null,
    last_active_token:
      session.status === 'active'
        ? tokenJson(
            sessionToken(
              context.key,
              context.tokens,
              session,
              membership,
              context.directory.sessionClaims(session.userId),
              now,
            ),
          )
        : null,
    actor: null,
    tasks: null,
    user: user ? userJson(context, user) : null,
    public_user_data: user ? publicUserData(user) : null,
    created_at: session.createdAt,
    updated_at: session.updatedAt,
  };
}

export function tokenJson(jwt: string): Json {
  return { object: 'token', jwt };
}

export function signInJson(context: IdentityContext, signIn: SignInRecord): Json {
  const user = context.directory.userById(signIn.userId);
  const trust = signIn.status === 'needs_client_trust';
  return {
    object: 'sign_in',
    id: signIn.id,
    status: signIn.status,
    ...(trust ? { client_trust_state: 'new' } : {}),
    supported_identifiers: ['email_address'],
    identifier: user?.email ?? null,
    supported_first_factors: user ? firstFactors(context, user) : [],
    supported_second_factors: user ? (trust ? [emailFactor(user)] : secondFactors(user)) : [],
    first_factor_verification: firstVerificationJson(context, signIn),
    second_factor_verification: trust
      ? preparedJson(signIn)
      : verificationJson(signIn.secondStrategy, signIn.secondAttempts, signIn.status === 'complete'),
    created_session_id: signIn.createdSessionId,
    user_data: user
      ? { first_name: user.firstName, last_name: user.lastName, image_url: '', has_image: false }
      : null,
    abandon_at: signIn.createdAt + dayMs,
  };
}

function firstVerificationJson(context: IdentityContext, signIn: SignInRecord): Json | null {
  const { browser, firstStrategy } = signIn;
  if (browser !== null) {
    const waits = browser.status === 'unverified';
    return {
      object: 'verification',
      status: browser.status,
      strategy: 'enterprise_sso',
      attempts: null,
      expire_at: signIn.createdAt + 10 * 60_000,
      verified_at_client: null,
      external_verification_redirect_url: waits
        ? `${context.tokens.issuer}/__company/sign-in/${browser.requestId}`
        : null,
      error:
        browser.status === 'failed'
          ? {
              code: 'oauth_access_denied',
              message: 'Access denied',
              long_message: 'You did not grant access to your account.',
            }
          : null,
    };
  }
  if (signIn.firstFactorAt === null && firstStrategy === 'email_code') return preparedJson(signIn);
  return verificationJson(firstStrategy, signIn.firstAttempts, signIn.firstFactorAt !== null);
}

/** A code that was sent and waits to be typed. */
function preparedJson({ emailCode }: Pick<SignInRecord, 'emailCode'>): Json | null {
  if (emailCode === null) return null;
  return {
    object: 'verification',
    status: 'unverified',
    strategy: 'email_code',
    attempts: emailCode.wrongTries,
    expire_at: emailCode.expireAt,
    verified_at_client: null,
  };
}

export function sessionVerificationJson(context: IdentityContext, session: SessionRecord): Json | null {
  const verification = session.verification;
  if (!verification) return null;
  const user = context.directory.userById(session.userId);
  return {
    object: 'session_verification',
    id: verification.id,
    status: verification.status,
    level: verification.level,
    session: sessionJson(context, session),
    supported_first_factors: user ? firstFactors(context, user) : [],
    supported_second_factors: user ? secondFactors(user) : [],
    first_factor_verification: verification.firstVerified
      ? verificationJson(verification.firstStrategy, verification.firstAttempts, true)
      : (preparedJson(verification) ??
        verificationJson(verification.firstStrategy, verification.firstAttempts, false)),
    second_factor_verification: verificationJson(
      'totp',
      verification.secondAttempts,
      verification.secondVerified,
    ),
  };
}

export function userJson(context: IdentityContext, user: UserSeed): Json {
  const emailId = emailIdOf(user);
  const hasTotp = user.totpSecret !== undefined;
  return {
    object: 'user',
    id: user.id,
    external_id: null,
    first_name: user.firstName,
    last_name: user.lastName,
    username: null,
    image_url: '',
    has_image: false,
    profile_image_id: '',
    primary_email_address_id: emailId,
    primary_phone_number_id: null,
    primary_web3_wallet_id: null,
    email_addresses: [
      {
        object: 'email_address',
        id: emailId,
        email_address: user.email,
        verification: verificationJson('email_code', 1, true),
        linked_to: [],
        matches_sso_connection: false,
      },
    ],
    phone_numbers: [],
    web3_wallets: [],
    external_accounts: [],
    enterprise_accounts: [],
    passkeys: [],
    organization_memberships: context.directory
      .membershipsOf(user.id)
      .map((membership) => membershipJson(context, membership)),
    password_enabled: user.password !== '',
    totp_enabled: hasTotp,
    backup_code_enabled: user.backupCodes.length > 0,
    two_factor_enabled: hasTotp || user.otherSecondFactors.length > 0,
    public_metadata: {},
    unsafe_metadata: {},
    last_sign_in_at: context.state.lastSignInAt[user.id] ?? null,
    create_organization_enabled: false,
    create_organizations_limit: null,
    delete_self_enabled: false,
    legal_accepted_at: null,
    timezone: null,
    created_at: seededAt,
    updated_at: seededAt,
  };
}

export function membershipJson(context: IdentityContext, membership: Membership): Json {
  return {
    object: 'organization_membership',
    id: membership.id,
    organization: organizationJson(context, membership.organization),
    public_metadata: {},
    public_user_data: { ...publicUserData(membership.user), user_id: membership.user.id, username: null },
    role: membership.role,
    role_name: membership.roleName,
    permissions: membership.permissions,
    created_at: seededAt,
    updated_at: seededAt,
  };
}

export function organizationJson(context: IdentityContext, organization: OrganizationSeed): Json {
  return {
    object: 'organization',
    id: organization.id,
    name: organization.name,
    slug: organization.slug,
    image_url: organization.image ?? '',
    has_image: organization.image !== null,
    public_metadata: {},
    members_count: context.directory.membersOf(organization.id).length,
    pending_invitations_count: 0,
    max_allowed_memberships: 100,
    admin_delete_enabled: false,
    created_at: seededAt,
    updated_at: seededAt,
  };
}

function publicUserData(user: UserSeed): Json {
  return {
    first_name: user.firstName,
    last_name: user.lastName,
    image_url: '',
    has_image: false,
    identifier: user.email,
  };
}

function verificationJson(strategy: string, attempts: number, verified: boolean): Json | null {
  if (attempts === 0) return null;
  return {
    object: 'verification',
    status: verified ? 'verified' : 'unverified',
    strategy,
    attempts,
    expire_at: null,
    verified_at_client: null,
  };
}
