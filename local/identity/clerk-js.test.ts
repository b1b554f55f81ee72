import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyToken } from '@clerk/backend';
import { decodeJwt } from '@clerk/backend/jwt';
import type { Clerk } from '@clerk/clerk-js/no-rhc';
import { Window } from 'happy-dom';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadUnmodifiedClerk } from './load-clerk.ts';
import type { LoadedClerk } from './load-clerk.ts';
import { startIdentity } from './start-identity.ts';
import type { RunningIdentity } from './start-identity.ts';
import { totpCode } from './totp.ts';

const primary = 'org_2VxBvWYGxPGdCvksnMITjN4MLzP';
const westside = 'org_2NcrG06nygvGgnGJP8GD0WyIT41';
const tess = { identifier: 'tess.okafor@nightops.example', password: 'lantern-Quarry-41' };
const jonah = { identifier: 'jonah.reyes@nightops.example', password: 'granite-Willow-57' };
const jonahSecret = 'IFVU2GMVYAXPBZQGLKOZ4S6ZHW3W6WQ6';
const priya = { identifier: 'priya.novak@nightops.example', password: 'saffron-Bridge-73' };

let stateDir: string;
let identity: RunningIdentity;

beforeEach(async () => {
  // clerk-js asks for window when it signs out; Node's own fetch stays, as it adds no Origin.
  const window = new Window({ url: 'https://console.example/' });
  vi.stubGlobal('window', window);
  vi.stubGlobal('document', window.document);
  // clerk-js warns about development keys at every load.
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  stateDir = mkdtempSync(join(tmpdir(), 'identity-'));
  identity = await startIdentity({ port: 0, stateDir });
});

afterEach(async () => {
  await identity.close();
  rmSync(stateDir, { recursive: true });
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('the unmodified clerk-js', () => {
  it('is refused with codes it understands, then signs in to one organization', async () => {
    const { clerk } = await loadClerk();
    const create = (fields: { identifier: string; password: string }) =>
      signInOf(clerk).create({ strategy: 'password', ...fields });

    await expect(create({ ...tess, identifier: 'nobody@nightops.example' })).rejects.toMatchObject({
      status: 422,
      errors: [{ code: 'form_identifier_not_found', meta: { paramName: 'identifier' } }],
    });
    await expect(create({ ...tess, password: 'wrong-Horse-00' })).rejects.toMatchObject({
      status: 422,
      errors: [{ code: 'form_password_incorrect', meta: { paramName: 'password' } }],
    });
    await signIn(clerk, tess, westside);
    expect(clerk.organization?.name).toBe('DentalCare_Westside');
    expect(clerk.user?.primaryEmailAddress?.emailAddress).toBe(tess.identifier);
    const session = sessionOf(clerk);
    expect(session.checkAuthorization({ role: 'org:technician' })).toBe(true);
    expect(session.checkAuthorization({ permission: 'org:console:open' })).toBe(true);
    expect(session.checkAuthorization({ permission: 'org:console:review' })).toBe(false);
    await expect(create(tess)).rejects.toMatchObject({ status: 400, errors: [{ code: 'session_exists' }] });
  });

  it('gets version 2 session tokens that @clerk/backend verifies by JWKS and by PEM', async () => {
    const { clerk } = await loadClerk();
    await signIn(clerk, tess, westside);
    const token = await tokenOf(clerk);
    const claims = await verifyToken(token, { secretKey: identity.secretKey, apiUrl: identity.url });
    expect(await verifyToken(token, { jwtKey: identity.jwtKeyPem })).toEqual(claims);
    expect(claims).toEqual({
      v: 2,
      sub: 'user_2VshfS2k5k2Tp3KKhbXcZ8jsAwl',
      sid: sessionOf(clerk).id,
      iss: identity.url,
      jti: expect.any(String),
      iat: expect.any(Number),
      nbf: claims.iat - 10,
      exp: claims.iat + 60,
      sts: 'active',
      fva: [0, -1],
      o: { id: westside, rol: 'technician', slg: 'dentalcare-westside', per: 'open', fpm: '1' },
      pla: 'u:free_user,o:free_org',
      fea: 'o:console',
      name: 'Tess Okafor',
    });
    expect(decodeJwt(token).header).toEqual({
      alg: 'RS256',
      typ: 'JWT',
      kid: expect.stringMatching(/^ins_[0-9A-Za-z]{27}$/),
      cat: 'cl_B7d4PD111AAA',
      oiat: claims.iat,
    });
  });

  it('mints another organization for the same session, and a template token of another category', async () => {
    const { clerk } = await loadClerk();
    await signIn(clerk, tess, westside);
    const session = sessionOf(clerk);
    const other = await session.getToken({ organizationId: primary });
    expect(claimsOf(other)).toMatchObject({ sid: session.id, o: { id: primary } });
    const again = await session.getToken({ organizationId: primary, skipCache: true });
    expect(claimsOf(again).jti).not.toBe(claimsOf(other).jti);
    const template = decodeJwt((await session.getToken({ template: 'relay' })) ?? '');
    expect(template.header).toMatchObject({ cat: 'cl_B7d4PD222AAA' });
    expect(template.payload).toMatchObject({ aud: 'relay', sub: 'user_2VshfS2k5k2Tp3KKhbXcZ8jsAwl' });
    expect(template.payload).not.toHaveProperty('o');
    await expect(session.getToken({ template: 'unknown' })).rejects.toMatchObject({ status: 404 });
  });

  it('sees only its own memberships and cannot enter another organization', async () => {
    const { clerk } = await loadClerk();
    await signIn(clerk, priya, primary);
    const memberships = await clerk.user?.getOrganizationMemberships();
    expect(memberships?.data.map(({ organization, role }) => [organization.slug, role])).toEqual([
      ['dentalcare-primary', 'org:technician'],
    ]);
    await expect(sessionOf(clerk).getToken({ organizationId: westside })).rejects.toMatchObject({
      status: 404,
      errors: [{ code: 'organization_not_found_or_unauthorized' }],
    });
    await expect(clerk.setActive({ organization: westside })).rejects.toThrow();
  });

  it('asks for TOTP where the user has it', async () => {
    const { clerk } = await loadClerk();
    const first = await signInOf(clerk).create({ strategy: 'password', ...jonah });
    expect(first.status).toBe('needs_second_factor');
    const attempt = (code: string) => signInOf(clerk).attemptSecondFactor({ strategy: 'totp', code });
    await expect(attempt(wrongCode())).rejects.toMatchObject({ errors: [{ code: 'form_code_incorrect' }] });
    expect(clerk.session).toBeFalsy();
    const second = await attempt(totpCode(jonahSecret, Date.now()));
    expect(second.status).toBe('complete');
    await clerk.setActive({ session: second.createdSessionId, organization: primary });
    expect(claimsOf(await tokenOf(clerk)).fva).toEqual([0, 0]);
  });

  it('reverifies inside a session, which resets the factor ages', async () => {
    const { clerk } = await loadClerk();
    await signInWithTotp(clerk);
    const session = sessionOf(clerk);
    const aged = await secretCall(`/__local/sessions/${session.id}/factor-age`, { first: 15, second: 40 });
    expect(aged.status).toBe(200);
    expect(claimsOf(await tokenOf(clerk)).fva).toEqual([15, 40]);

    const started = await session.startVerification({ level: 'multi_factor' });
    expect(started.status).toBe('needs_first_factor');
    await expect(
      session.attemptFirstFactorVerification({ strategy: 'password', password: 'wrong-Horse-00' }),
    ).rejects.toMatchObject({ status: 422, errors: [{ code: 'form_password_incorrect' }] });
    expect(claimsOf(await tokenOf(clerk)).fva).toEqual([15, 40]);
    const first = await session.attemptFirstFactorVerification({
      strategy: 'password',
      password: jonah.password,
    });
    expect(first.status).toBe('needs_second_factor');
    const second = await session.attemptSecondFactorVerification({
      strategy: 'totp',
      code: totpCode(jonahSecret, Date.now()),
    });
    expect(second.status).toBe('complete');
    expect(second.session.factorVerificationAge).toEqual([0, 0]);
    expect(claimsOf(await tokenOf(clerk)).fva).toEqual([0, 0]);
  });

  it('signs out', async () => {
    const { clerk } = await loadClerk();
    await signIn(clerk, tess, westside);
    const session = sessionOf(clerk);
    await clerk.signOut(() => {});
    expect(clerk.session).toBeNull();
    expect(clerk.client?.sessions).toEqual([]);
    await expect(session.getToken({ skipCache: true })).rejects.toMatchObject({ status: 401 });
    await signIn(clerk, tess, primary);
    expect(sessionOf(clerk).id).not.toBe(session.id);
  });

  it('is signed out by a revocation and by ending its session', async () => {
    const { clerk } = await loadClerk();
    await signIn(clerk, tess, westside);
    const revoked = sessionOf(clerk);
    expect((await secretCall(`/v1/sessions/${revoked.id}/revoke`)).status).toBe(200);
    await expect(revoked.getToken({ skipCache: true })).rejects.toMatchObject({ status: 401 });
    await vi.waitFor(() => expect(clerk.session).toBeNull());

    await signIn(clerk, tess, westside);
    await sessionOf(clerk).end();
    expect(clerk.client?.signedInSessions).toEqual([]);
  });

  it('is still signed in after a restart of both sides, with the same keys, for a week', async () => {
    const before = await loadClerk();
    await signIn(before.clerk, tess, westside);
    const port = Number(new URL(identity.url).port);
    const keys = [identity.secretKey, identity.jwtKeyPem];
    await identity.close();
    identity = await startIdentity({ port, stateDir });
    expect([identity.secretKey, identity.jwtKeyPem]).toEqual(keys);

    const { clerk } = await loadClerk(before.clientToken());
    expect(sessionOf(clerk).id).toBe(sessionOf(before.clerk).id);
    expect(clerk.organization?.id).toBe(westside);
    const claims = await verifyToken(await tokenOf(clerk), { jwtKey: identity.jwtKeyPem });
    expect(claims.sid).toBe(sessionOf(clerk).id);
    const stranger = await loadClerk(`${before.clientToken()}x`);
    expect(stranger.clerk.session).toBeNull();

    await identity.close();
    identity = await startIdentity({ port, stateDir, now: () => Date.now() + 8 * 24 * 60 * 60 * 1000 });
    const aWeekLater = await loadClerk(before.clientToken());
    expect(aWeekLater.clerk.session).toBeNull();
  });
});

/** A clerk-js of its own, on this test's server. */
function loadClerk(clientToken = ''): Promise<LoadedClerk> {
  return loadUnmodifiedClerk(identity.publishableKey, clientToken);
}

function signInOf(clerk: Clerk) {
  if (!clerk.client) throw new Error('clerk-js has no client');
  return clerk.client.signIn;
}

function sessionOf(clerk: Clerk) {
  if (!clerk.session) throw new Error('clerk-js has no session');
  return clerk.session;
}

async function signIn(
  clerk: Clerk,
  user: { identifier: string; password: string },
  organization: string,
): Promise<void> {
  const attempt = await signInOf(clerk).create({ strategy: 'password', ...user });
  await clerk.setActive({ session: attempt.createdSessionId, organization });
}

async function signInWithTotp(clerk: Clerk): Promise<void> {
  await signInOf(clerk).create({ strategy: 'password', ...jonah });
  const code = totpCode(jonahSecret, Date.now());
  const attempt = await signInOf(clerk).attemptSecondFactor({ strategy: 'totp', code });
  await clerk.setActive({ session: attempt.createdSessionId, organization: primary });
}

async function tokenOf(clerk: Clerk): Promise<string> {
  return (await sessionOf(clerk).getToken({ skipCache: true })) ?? '';
}

function claimsOf(token: string | null) {
  return decodeJwt(token ?? '').payload;
}

function wrongCode(): string {
  const drifts = [-30_000, 0, 30_000];
  const near = new Set(drifts.map((drift) => totpCode(jonahSecret, Date.now() + drift)));
  return ['000000', '111111', '222222', '333333'].find((code) => !near.has(code)) ?? '444444';
}

function secretCall(path: string, body: object = {}): Promise<Response> {
  return fetch(`${identity.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${identity.secretKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
