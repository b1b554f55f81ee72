import { createHash, timingSafeEqual } from 'node:crypto';
import type { IdentityState } from './identity-state.ts';
import type { ConnectionSeed, OrganizationSeed, Seed, UserSeed } from './seed.ts';

export type Membership = {
  id: string;
  user: UserSeed;
  organization: OrganizationSeed;
  /** As Clerk stores it, with `org:`. */
  role: string;
  roleName: string;
  permissions: string[];
};

/** Users, organizations and who belongs where: the seed, with the removals and additions made since. */
export type Directory = {
  userById(id: string): UserSeed | undefined;
  userByEmail(email: string): UserSeed | undefined;
  organizationById(id: string): OrganizationSeed | undefined;
  connectionById(id: string): ConnectionSeed | undefined;
  isRole(role: string): boolean;
  membership(userId: string, organizationId: string): Membership | undefined;
  membershipsOf(userId: string): Membership[];
  membersOf(organizationId: string): Membership[];
  /** The instance's custom session claims, filled in for one user. */
  sessionClaims(userId: string): Record<string, string>;
  templateClaims(name: string): Record<string, unknown> | undefined;
};

export function createDirectory(seed: Seed, state: IdentityState): Directory {
  const users = new Map(seed.users.map((user) => [user.id, user]));
  const byEmail = new Map(seed.users.map((user) => [user.email.toLowerCase(), user]));
  const organizations = new Map(seed.organizations.map((organization) => [organization.id, organization]));

  const roleOf = (user: UserSeed, organization: OrganizationSeed): string | null => {
    const override = state.membershipOverrides[`${organization.id}/${user.id}`];
    if (override !== undefined) return override;
    return user.memberships.find((one) => one.organization === organization.slug)?.role ?? null;
  };

  const membership = (userId: string, organizationId: string): Membership | undefined => {
    const user = users.get(userId);
    const organization = organizations.get(organizationId);
    if (!user || !organization) return undefined;
    const role = roleOf(user, organization);
    if (role === null) return undefined;
    return {
      id: membershipId(user.id, organization.id),
      user,
      organization,
      role,
      roleName: seed.roles[role]?.name ?? role,
      permissions: seed.roles[role]?.permissions ?? [],
    };
  };

  return {
    userById: (id) => users.get(id),
    userByEmail: (email) => byEmail.get(email.trim().toLowerCase()),
    organizationById: (id) => organizations.get(id),
    connectionById: (id) => seed.enterpriseConnections.find((connection) => connection.id === id),
    isRole: (role) => Object.hasOwn(seed.roles, role),
    membership,
    sessionClaims: (userId) => {
      const user = users.get(userId);
      const fullName = user ? `${user.firstName} ${user.lastName}` : '';
      const filled = Object.entries(seed.sessionClaims).map(([claim, value]) => [
        claim,
        value.replaceAll('{{user.full_name}}', fullName),
      ]);
      return Object.fromEntries(filled) as Record<string, string>;
    },
    membershipsOf: (userId) =>
      seed.organizations
        .map((organization) => membership(userId, organization.id))
        .filter((found) => found !== undefined),
    membersOf: (organizationId) =>
      seed.users.map((user) => membership(user.id, organizationId)).filter((found) => found !== undefined),
    templateClaims: (name) =>
      Object.hasOwn(seed.tokenTemplates, name) ? seed.tokenTemplates[name]?.claims : undefined,
  };
}

/** Compares digests, so that neither length nor content shows in the time taken. */
export function secretsMatch(given: string, expected: string): boolean {
  return timingSafeEqual(digestOf(given), digestOf(expected));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function membershipId(userId: string, organizationId: string): string {
  const digest = createHash('sha256').update(`${organizationId}/${userId}`).digest('hex');
  return `orgmem_${digest.slice(0, 27)}`;
}
