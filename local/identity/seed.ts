import { readFileSync } from 'node:fs';
import { z } from 'zod';

const clerkId = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}_[0-9A-Za-z]{27}$`), `must be ${prefix}_ and 27 letters or digits`);

const roleKey = z.string().regex(/^org:[a-z][a-z0-9_]*$/, 'must look like org:technician');

const organizationSeed = z.strictObject({
  id: clerkId('org'),
  name: z.string().min(1),
  slug: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens'),
  image: z
    .string()
    .regex(/^(https:\/\/|data:image\/)/, 'must be an https: or data:image/ URL')
    .nullable(),
});

const userSeed = z.strictObject({
  id: clerkId('user'),
  email: z.email(),
  firstName: z.string().min(1),
  lastName: z.string().min(1),
  /** Empty: signs in without one. */
  password: z.string().min(8).default(''),
  /** Signs in with a code by e-mail. */
  emailCode: z.boolean().default(false),
  /** Signs in at this enterprise connection, and in no other way. */
  connection: clerkId('ent').optional(),
  totpSecret: z
    .string()
    .regex(/^[A-Z2-7]{16,}$/, 'must be at least 16 base32 characters')
    .optional(),
  backupCodes: z
    .array(z.string().regex(/^[a-z0-9]{8}$/, 'must be 8 lower-case letters or digits'))
    .default([]),
  /** Clerk's client trust: a device that signs in for the first time is asked for a code by e-mail. */
  clientTrust: z.boolean().default(false),
  /** Offered as Clerk would, and not to be used here. */
  otherFirstFactors: z.array(z.enum(['passkey', 'phone_code'])).default([]),
  otherSecondFactors: z.array(z.enum(['passkey', 'phone_code'])).default([]),
  memberships: z.array(z.strictObject({ organization: z.string(), role: roleKey })),
});

const seedFile = z
  .strictObject({
    about: z.array(z.string()).optional(),
    roles: z.record(
      roleKey,
      z.strictObject({
        name: z.string().min(1),
        permissions: z.array(
          z.string().regex(/^org:[a-z_]+:[a-z_]+$/, 'must look like org:feature:permission'),
        ),
      }),
    ),
    tokenTemplates: z.record(
      z.string().regex(/^[a-z][a-z0-9_-]*$/),
      z.strictObject({ claims: z.record(z.string(), z.json()) }),
    ),
    /** Clerk's "customize session token": further claims of every session token. */
    sessionClaims: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), z.string()).default({}),
    /** What Clerk calls enterprise connections: the sign-in pages of the technicians' own companies. */
    enterpriseConnections: z
      .array(z.strictObject({ id: clerkId('ent'), name: z.string().min(1) }))
      .default([]),
    organizations: z.array(organizationSeed).min(1),
    users: z.array(userSeed).min(1),
  })
  .superRefine((seed, context) => {
    const report = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const duplicate = (values: string[], at: (index: number) => (string | number)[]) => {
      for (const [index, value] of values.entries()) {
        if (values.indexOf(value) !== index) report(at(index), `"${value}" is used twice`);
      }
    };
    const slugs = seed.organizations.map((organization) => organization.slug);
    duplicate(slugs, (index) => ['organizations', index, 'slug']);
    duplicate(
      seed.organizations.map((organization) => organization.id),
      (index) => ['organizations', index, 'id'],
    );
    duplicate(
      seed.users.map((user) => user.id),
      (index) => ['users', index, 'id'],
    );
    duplicate(
      seed.users.map((user) => user.email.toLowerCase()),
      (index) => ['users', index, 'email'],
    );
    for (const [index, user] of seed.users.entries()) {
      if (
        user.connection !== undefined &&
        !seed.enterpriseConnections.some(({ id }) => id === user.connection)
      ) {
        report(['users', index, 'connection'], `no enterprise connection has the id "${user.connection}"`);
      }
      for (const [at, membership] of user.memberships.entries()) {
        const path = ['users', index, 'memberships', at];
        if (!slugs.includes(membership.organization)) {
          report([...path, 'organization'], `no organization has the slug "${membership.organization}"`);
        }
        if (!Object.hasOwn(seed.roles, membership.role)) {
          report([...path, 'role'], `"${membership.role}" is not under roles`);
        }
      }
    }
  });

export type Seed = z.infer<typeof seedFile>;
export type OrganizationSeed = z.infer<typeof organizationSeed>;
export type UserSeed = z.infer<typeof userSeed>;
export type ConnectionSeed = Seed['enterpriseConnections'][number];

export type SeedResult =
  | { ok: true; seed: Seed }
  | { ok: false; code: 'seed_unreadable' | 'seed_invalid'; file: string; reason: string };

/** Reads and checks a seed file; every problem is named as `file: path: reason`, one a line. */
export function readSeed(file: string): SeedResult {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    return { ok: false, code: 'seed_unreadable', file, reason: `${file}: ${messageOf(cause)}` };
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    return { ok: false, code: 'seed_invalid', file, reason: `${file}: not JSON: ${messageOf(cause)}` };
  }
  const parsed = seedFile.safeParse(json);
  if (parsed.success) return { ok: true, seed: parsed.data };
  const reason = parsed.error.issues
    .map((issue) => `${file}: ${issue.path.map(String).join('.') || '(top level)'}: ${issue.message}`)
    .join('\n');
  return { ok: false, code: 'seed_invalid', file, reason };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
