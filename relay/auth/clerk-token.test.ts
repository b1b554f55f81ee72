import fc from 'fast-check';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { verifyClerkToken } from './clerk-token.ts';
import { testConfig } from '../testing/test-env.ts';
import { newId, SESSION_HEADER, signText, testToken, tokenClaims } from '../testing/test-token.ts';

const verify = (token: string) => verifyClerkToken(token, testConfig().clerk);
const codeOf = async (token: string) => {
  const verified = await verify(token);
  return verified.ok ? 'accepted' : verified.code;
};
const encode = (value: unknown) =>
  new TextEncoder().encode(JSON.stringify(value)).toBase64({ alphabet: 'base64url', omitPadding: true });

describe('verifyClerkToken', () => {
  it('reads person, organization, role and freshness from a session token', async () => {
    const [org, userId, sid] = [newId('org'), newId('user'), newId('sess')];
    expect(await verify(await testToken({ org, userId, sid, role: 'reviewer', fva: [1, 3] }))).toMatchObject({
      ok: true,
      person: { org, userId, sid, role: 'reviewer', firstFactorMinutes: 1, secondFactorMinutes: 3 },
    });
  });

  it.each([
    ['as it is', 'Tess Ng', 'Tess Ng'],
    ['with what would reorder or draw shown', 'Tess\u202e \u001b[31mgN', 'Tess\uFFFD \uFFFD[31mgN'],
    ['cut, and whole', `${'x'.repeat(119)}😀`, `${'x'.repeat(119)}\uFFFD`],
    ['as the user id where there is none', '', null],
    ['as the user id where it is no text', null, null],
  ])('tells the name %s', async (_how, name, told) => {
    const userId = newId('user');
    const verified = await verify(await testToken({ userId, claims: { name } }));
    expect(verified).toMatchObject({ ok: true, person: { name: told ?? userId } });
  });

  it.each([
    ['a template token', { header: { cat: 'cl_B7d4PD222AAA' } }, 'token_wrong_category'],
    ['a machine token', { header: { cat: 'cl_B7d4PD333AAA' } }, 'token_wrong_category'],
    ['no category', { header: { cat: undefined } }, 'token_invalid'],
    ['another issuer', { claims: { iss: 'https://other.test' } }, 'token_wrong_issuer'],
    ['a pending session', { claims: { sts: 'pending' } }, 'session_inactive'],
    ['version 1', { claims: { v: 1, o: undefined, org_id: newId('org') } }, 'token_invalid'],
    ['no organization', { claims: { o: undefined } }, 'token_no_organization'],
    [
      'two organizations',
      { claims: { o: [{ id: newId('org') }, { id: newId('org') }] } },
      'token_no_organization',
    ],
    ['a list of ids', { claims: { o: { id: [newId('org')], rol: 'admin' } } }, 'token_no_organization'],
    ['a path', { org: 'org_aaaaaaaaaaaaaaaaaaaa/../org_b' }, 'token_no_organization'],
    ['a NUL', { org: 'org_aaaaaaaaaaaaaaaaaaaa\u0000' }, 'token_no_organization'],
    ['a line feed', { org: 'org_aaaaaaaaaaaaaaaaaaaa\n' }, 'token_no_organization'],
    ['a capital prefix', { org: 'ORG_aaaaaaaaaaaaaaaaaaaa' }, 'token_no_organization'],
    ['an unknown role', { role: 'owner' }, 'role_insufficient'],
    ['no session id', { claims: { sid: undefined } }, 'token_invalid'],
    ['an expired token', { claims: { exp: 1_700_000_000 } }, 'token_expired'],
    ['a token of tomorrow', { claims: { nbf: 4_000_000_000 } }, 'token_invalid'],
    ['issued tomorrow', { claims: { iat: 4_000_000_000 } }, 'token_invalid'],
    ['another audience', { claims: { aud: 'https://elsewhere.test' } }, 'token_wrong_category'],
    ['an own audience', { claims: { aud: [] } }, 'token_wrong_category'],
    ['a web page’s token', { claims: { azp: 'https://portal.test' } }, 'token_wrong_category'],
    ['an impersonator’s token', { claims: { act: { sub: newId('user') } } }, 'token_wrong_category'],
    ['an organization of version 1 beside', { claims: { org_id: newId('org') } }, 'token_no_organization'],
    ['no beginning', { claims: { nbf: undefined } }, 'token_invalid'],
    ['a time in text', { claims: { iat: '1' } }, 'token_invalid'],
    ['factor ages that are none', { claims: { fva: [0] } }, 'token_invalid'],
    ['a factor of the future', { claims: { fva: [-2, 0] } }, 'token_invalid'],
    ['an id for a path', { header: { kid: '../../keys/1' } }, 'token_invalid'],
    ['an id for a query', { header: { kid: "x' OR 1=1" } }, 'token_invalid'],
    ['a key of its own', { header: { jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } } }, 'token_invalid'],
    ['the address of a key', { header: { jku: 'https://evil.test/jwks' } }, 'token_invalid'],
    ['a certificate', { header: { x5c: ['MIIB'] } }, 'token_invalid'],
    ['another type', { header: { typ: 'at+jwt' } }, 'token_invalid'],
    ['more than 8 KB', { claims: { padding: 'x'.repeat(9000) } }, 'token_invalid'],
  ])('refuses %s', async (_what, choices, code) => {
    expect(await codeOf(await testToken(choices))).toBe(code);
  });

  it('believes no token for longer than a minute, whatever it says of itself', async () => {
    const issuedAt = Math.floor(Date.now() / 1000);
    const long = await testToken({ lifetimeSeconds: 86_400 });
    expect(await verify(long)).toMatchObject({
      ok: true,
      person: { expiresAt: expect.closeTo((issuedAt + 60) * 1000, -4) },
    });
    const stale = await testToken({ lifetimeSeconds: 86_400, claims: { iat: issuedAt - 65 } });
    expect(await codeOf(stale)).toBe('token_expired');
  });

  it('refuses a critical header, repeated keys and other spellings of a signed text', async () => {
    const body = JSON.stringify(tokenClaims());
    const header = JSON.stringify(SESSION_HEADER);
    expect(await codeOf(await signText(header, body))).toBe('accepted');
    const critical = JSON.stringify({ ...SESSION_HEADER, crit: ['exp'] });
    expect(await codeOf(await signText(critical, body))).toBe('token_invalid');
    const twice = body.replace('"sid"', `"o":{"id":"${newId('org')}","rol":"admin"},"sid"`);
    expect(await codeOf(await signText(header, twice))).toBe('token_invalid');
    const escaped = body.replace('"sid"', '"\\u0073id":"sess_aaaaaaaaaaaaaaaaaaaa","sid"');
    expect(await codeOf(await signText(header, escaped))).toBe('token_invalid');
    const token = await testToken();
    expect(await codeOf(`${token}=`)).toBe('token_invalid');
    expect(await codeOf(`${token} `)).toBe('token_invalid');
    expect(await codeOf(`${token}.${token}`)).toBe('token_invalid');
  });

  it('refuses other algorithms, foreign keys and swapped payloads', async () => {
    const claims = tokenClaims();
    const jwtKey = testConfig().clerk.jwtKey ?? '';
    const secret = new TextEncoder().encode(jwtKey);
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ ...SESSION_HEADER, alg: 'HS256' })
      .sign(secret);
    expect(await codeOf(confused)).toBe('token_invalid');
    expect(await codeOf(`${encode({ ...SESSION_HEADER, alg: 'none' })}.${encode(claims)}.`)).toBe(
      'token_invalid',
    );
    const pair = await crypto.subtle.generateKey(
      {
        name: 'RSASSA-PKCS1-v1_5',
        hash: 'SHA-256',
        modulusLength: 2048,
        publicExponent: new Uint8Array([1, 0, 1]),
      },
      true,
      ['sign', 'verify'],
    );
    if (!('privateKey' in pair)) throw new Error('no key pair');
    const foreign = await new SignJWT(claims).setProtectedHeader(SESSION_HEADER).sign(pair.privateKey);
    expect(await codeOf(foreign)).toBe('token_invalid');
    const [header, , signature] = (await testToken()).split('.');
    expect(await codeOf(`${header}.${encode(tokenClaims({ org: newId('org') }))}.${signature}`)).toBe(
      'token_invalid',
    );
  });

  it('does not blame the person for an identity service that cannot be reached', async () => {
    const { issuer, webhookSecret } = testConfig().clerk;
    const clerk = { issuer, webhookSecret, jwtKey: undefined, secretKey: 'sk', apiUrl: 'http://127.0.0.1:1' };
    expect(await verifyClerkToken(await testToken(), clerk)).toMatchObject({ code: 'unavailable' });
  }, 20_000);

  it('never throws and never accepts what was not signed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.tuple(fc.json(), fc.json(), fc.base64String()).map((parts) => parts.join('.')),
        ),
        async (text) => {
          expect(await codeOf(text)).not.toBe('accepted');
        },
      ),
      { numRuns: 200 },
    );
  });
});
