// Verifies a Clerk session token: @clerk/backend checks the signature and times, and everything that it
// lets through (issuer, category, status, version, organization, spelling) is checked here.
// The one way from a person's token to a VerifiedOrg.
import { verifyToken } from '@clerk/backend';
import { z } from 'zod';
import { refuse } from '#protocol/errors.ts';
import type { ErrorCode, Refusal } from '#protocol/errors.ts';
import { ClerkSessionId, OrgId, UserId } from '#protocol/ids.ts';
import { shownText } from '#protocol/plain-text.ts';
import { Role } from '#protocol/records.ts';
import type { RelayConfig } from '../config.ts';
import { fromBase64url } from './base64url.ts';
import { hasRepeatedKeys } from './unique-keys.ts';
import { vouch } from './verified-org.ts';
import type { VerifiedOrg } from './verified-org.ts';

/** A person, as one token proves them. */
export interface VerifiedPerson {
  readonly org: VerifiedOrg;
  readonly userId: UserId;
  readonly sid: ClerkSessionId;
  readonly role: Role;
  readonly name: string;
  /** Whole minutes between verifying the first factor and `issuedAt`; null: never verified. */
  readonly firstFactorMinutes: number | null;
  /** The same of the second factor. */
  readonly secondFactorMinutes: number | null;
  /** Epoch ms, like `expiresAt`. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

type Verified = { readonly ok: true; readonly person: VerifiedPerson } | Refusal;

const TOKEN_MAX_LENGTH = 8 * 1024;
/** How far the identity service's clock may be ahead of the relay's. */
const TOKEN_SKEW_MS = 5000;
/**
 * How long a token is good for beyond its end. Nobody needs more, whatever the clocks: who connects asks for a new
 * one, and who is connected is asked in time. What a revoked one may still do is bounded by it.
 */
export const TOKEN_GRACE_MS = 1000;
/** As Clerk issues them. One that says it lives longer is not believed for longer: revocation rests on it. */
const TOKEN_LIFETIME_MS = 60_000;
const NAME_MAX_LENGTH = 120;
const SESSION_CATEGORY = 'cl_B7d4PD111AAA';

const Header = z.looseObject({
  alg: z.literal('RS256'),
  typ: z.literal('JWT'),
  kid: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  cat: z.string(),
});
/** Headers that bring a key, change what is signed, or must be understood: Clerk sends none of them. */
const FOREIGN_HEADERS = [
  'crit',
  'jku',
  'jwk',
  'x5u',
  'x5c',
  'x5t',
  'x5t#S256',
  'b64',
  'zip',
  'enc',
  'cty',
  'epk',
  'nonce',
];
/**
 * Claims that a console's token never has: made for another audience, by a web page (`azp` is its origin), or by
 * somebody who impersonates the person (`act`), which no audit could attribute.
 */
const FOREIGN_CLAIMS = ['aud', 'azp', 'act'];
const Minutes = z.number().int().min(-1);
const Seconds = z.number().int().positive();
const Claims = z.looseObject({
  v: z.literal(2),
  iss: z.string(),
  sts: z.string(),
  sub: UserId,
  sid: ClerkSessionId,
  iat: Seconds,
  nbf: Seconds,
  exp: Seconds,
  fva: z.tuple([Minutes, Minutes]).optional(),
  /** What the person calls themselves: shown to colleagues, so nothing in it may hide or reorder text. */
  name: z
    .string()
    .transform((name) => shownText(name.slice(0, NAME_MAX_LENGTH)).trim())
    .catch(''),
});
const Organization = z.looseObject({ id: OrgId, rol: z.unknown() });

/**
 * @param token as presented, without `Bearer `
 * @param now epoch ms
 * @returns the person, or the code of the first check that failed
 */
export async function verifyClerkToken(
  token: string,
  config: RelayConfig['clerk'],
  now: number = Date.now(),
): Promise<Verified> {
  if (token.length === 0) return refuse('token_missing');
  if (token.length > TOKEN_MAX_LENGTH) return refuse('token_invalid', 'larger than 8 KB');
  const parts = token.split('.');
  if (parts.length !== 3 || parts.some((part) => fromBase64url(part) === null)) {
    return refuse('token_invalid', 'not three canonical base64url parts');
  }
  const header = decodePart(parts[0]);
  const body = decodePart(parts[1]);
  if (header === null || body === null) return refuse('token_invalid', 'not JSON objects with unique keys');
  const foreign = FOREIGN_HEADERS.find((name) => Object.hasOwn(header, name));
  if (foreign !== undefined) return refuse('token_invalid', `header ${foreign}`);
  const parsedHeader = Header.safeParse(header);
  if (!parsedHeader.success) return refuse('token_invalid', 'header');
  if (parsedHeader.data.cat !== SESSION_CATEGORY) return refuse('token_wrong_category');

  const fault = await signatureFault(token, config);
  if (fault !== null) return fault;

  if (body['iss'] !== config.issuer) return refuse('token_wrong_issuer');
  if (body['v'] !== 2) return refuse('token_invalid', 'version');
  if (body['sts'] !== 'active') return refuse('session_inactive');
  const claims = Claims.safeParse(body);
  if (!claims.success)
    return refuse('token_invalid', `claim ${claims.error.issues[0]?.path.join('.') ?? ''}`);
  const foreignClaim = FOREIGN_CLAIMS.find((name) => Object.hasOwn(body, name));
  if (foreignClaim !== undefined) return refuse('token_wrong_category', `claim ${foreignClaim}`);
  const organization = Organization.safeParse(body['o']);
  if (!organization.success) return refuse('token_no_organization');
  // Version 1 named it here: a second organization, to whoever reads the old claim.
  if (Object.hasOwn(body, 'org_id') && body['org_id'] !== organization.data.id) {
    return refuse('token_no_organization', 'two organizations');
  }
  const role = Role.safeParse(organization.data.rol);
  if (!role.success) return refuse('role_insufficient');
  const { sub, sid, iat, exp, fva, name } = claims.data;
  const [firstFactor, secondFactor] = fva ?? [-1, -1];
  const expiresAt = Math.min(exp * 1000, iat * 1000 + TOKEN_LIFETIME_MS);
  if (now >= expiresAt + TOKEN_GRACE_MS) return refuse('token_expired', 'over, or older than a minute');
  return {
    ok: true,
    person: {
      org: vouch(organization.data.id),
      userId: sub,
      sid,
      role: role.data,
      name: name === '' ? sub : name,
      firstFactorMinutes: firstFactor < 0 ? null : firstFactor,
      secondFactorMinutes: secondFactor < 0 ? null : secondFactor,
      issuedAt: iat * 1000,
      expiresAt,
    },
  };
}

async function signatureFault(token: string, config: RelayConfig['clerk']): Promise<Refusal | null> {
  try {
    await verifyToken(token, {
      apiUrl: config.apiUrl,
      clockSkewInMs: TOKEN_SKEW_MS,
      ...(config.jwtKey === undefined ? {} : { jwtKey: config.jwtKey }),
      ...(config.secretKey === undefined ? {} : { secretKey: config.secretKey }),
    });
    return null;
  } catch (error) {
    const reason =
      typeof error === 'object' && error !== null && 'reason' in error ? String(error.reason) : 'network';
    return refuse(codeOfReason(reason), reason);
  }
}

/** The identity service did not answer, or not with keys: not the person's fault, and worth another try. */
const SERVICE_FAULTS: ReadonlySet<string> = new Set([
  'network',
  'jwk-remote-failed-to-load',
  'jwk-remote-invalid',
  'jwk-remote-missing',
  'secret-key-invalid',
]);

function codeOfReason(reason: string): ErrorCode {
  if (reason === 'token-expired') return 'token_expired';
  return SERVICE_FAULTS.has(reason) ? 'unavailable' : 'token_invalid';
}

function decodePart(part: string | undefined): Record<string, unknown> | null {
  const bytes = part === undefined ? null : fromBase64url(part);
  if (bytes === null) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    if (hasRepeatedKeys(text)) return null;
    return Object.fromEntries(Object.entries(value));
  } catch {
    return null;
  }
}
