import { createPublicKey, sign, verify } from 'node:crypto';
import { z } from 'zod';
import type { Directory, Membership } from './directory.ts';
import type { SessionRecord } from './identity-state.ts';
import type { SigningKey } from './signing-key.ts';

/** The `cat` header: which kind of Clerk token this is. */
export const tokenCategory = {
  session: 'cl_B7d4PD111AAA',
  template: 'cl_B7d4PD222AAA',
  machine: 'cl_B7d4PD333AAA',
} as const;

export type TokenSettings = { issuer: string; lifetimeSeconds: number; newId: (prefix: string) => string };

/** Signs any claims with the instance's key. Exported for tests that need tokens the server would not mint. */
export function signToken(
  key: SigningKey,
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
): string {
  const head = encode({ alg: 'RS256', kid: key.kid, typ: 'JWT', ...header });
  const body = encode(claims);
  const signature = sign('RSA-SHA256', Buffer.from(`${head}.${body}`), key.privateKey);
  return `${head}.${body}.${signature.toString('base64url')}`;
}

/** A version 2 session token for one organization, or for none. `nowMs` is epoch milliseconds. */
export function sessionToken(
  key: SigningKey,
  settings: TokenSettings,
  session: SessionRecord,
  membership: Membership | null,
  customClaims: Record<string, string>,
  nowMs: number,
): string {
  const iat = Math.floor(nowMs / 1000);
  const features = membership ? featureClaims(membership.permissions) : null;
  const claims = {
    ...customClaims,
    exp: iat + settings.lifetimeSeconds,
    fea: features ? features.fea : '',
    fva: factorAges(session, nowMs),
    iat,
    iss: settings.issuer,
    jti: settings.newId('jti').slice(4),
    nbf: iat - 10,
    ...(membership && features
      ? {
          o: {
            fpm: features.fpm,
            id: membership.organization.id,
            per: features.per,
            rol: membership.role.replace(/^org:/, ''),
            slg: membership.organization.slug,
          },
        }
      : {}),
    pla: membership ? 'u:free_user,o:free_org' : 'u:free_user',
    sid: session.id,
    sts: session.status,
    sub: session.userId,
    v: 2,
  };
  return signToken(key, claims, { cat: tokenCategory.session, oiat: iat });
}

/** A token of a named template: it carries the template's claims and no session, organization or factor ages. */
export function templateToken(
  key: SigningKey,
  settings: TokenSettings,
  session: SessionRecord,
  templateClaims: Record<string, unknown>,
  nowMs: number,
): string {
  const iat = Math.floor(nowMs / 1000);
  const claims = {
    ...templateClaims,
    exp: iat + settings.lifetimeSeconds,
    iat,
    iss: settings.issuer,
    jti: settings.newId('jti').slice(4),
    nbf: iat - 10,
    sub: session.userId,
  };
  return signToken(key, claims, { cat: tokenCategory.template });
}

/** Whole minutes since the first and second factor were verified; -1 for a factor never verified. */
export function factorAges(session: SessionRecord, nowMs: number): [number, number] {
  const minutes = (at: number | null) => (at === null ? -1 : Math.max(0, Math.floor((nowMs - at) / 60_000)));
  return [minutes(session.firstFactorAt), minutes(session.secondFactorAt)];
}

/** The membership a session's token is minted for: none while no organization is active or it was left. */
export function activeMembership(directory: Directory, session: SessionRecord): Membership | null {
  const id = session.lastActiveOrganizationId;
  return id === null ? null : (directory.membership(session.userId, id) ?? null);
}

export function clientToken(key: SigningKey, client: { id: string; rotatingToken: string }): string {
  return signToken(key, { id: client.id, rotating_token: client.rotatingToken });
}

const clientClaims = z.object({ id: z.string(), rotating_token: z.string() });

/** Reads a client token of ours; null for anything else. */
export function readClientToken(
  key: SigningKey,
  token: string,
): { id: string; rotatingToken: string } | null {
  const [head, body, signature, more] = token.split('.');
  if (!head || !body || !signature || more !== undefined) return null;
  const publicKey = createPublicKey(key.publicKeyPem);
  const signed = Buffer.from(`${head}.${body}`);
  if (!verify('RSA-SHA256', signed, publicKey, Buffer.from(signature, 'base64url'))) return null;
  const claims = clientClaims.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString()));
  return claims.success ? { id: claims.data.id, rotatingToken: claims.data.rotating_token } : null;
}

// Clerk packs org:feature:permission into a list of features (`fea`), a list of permission names (`per`) and,
// for each feature, a bit field over those names (`fpm`), lowest bit first.
function featureClaims(permissions: string[]): { fea: string; per: string; fpm: string } {
  const pairs = permissions.map((permission) => permission.split(':').slice(1));
  const features = [...new Set(pairs.map(([feature = '']) => feature))];
  const names = [...new Set(pairs.map(([, name = '']) => name))];
  const bits = features.map((feature) =>
    pairs
      .filter(([owner]) => owner === feature)
      .reduce((sum, [, name = '']) => sum + 2 ** names.indexOf(name), 0),
  );
  return {
    fea: features.map((feature) => `o:${feature}`).join(','),
    per: names.join(','),
    fpm: bits.join(','),
  };
}

function encode(value: Record<string, unknown>): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
