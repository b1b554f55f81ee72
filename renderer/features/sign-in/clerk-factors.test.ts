import { describe, expect, it } from 'vitest';
import { askedNext, heldBack } from './clerk-factors.ts';
import { failureOf } from './clerk-failure.ts';

const strategies = (...names: readonly string[]) => names.map((strategy) => ({ strategy }));

describe('askedNext', () => {
  it('asks for what this console can do, the most usual first, and leaves the rest out', () => {
    const email = { strategy: 'email_code', emailAddressId: 'idn_1', safeIdentifier: 'm***@x.example' };
    const first = [email, ...strategies('passkey', 'password', 'reset_password_email_code', 'oauth_google')];
    expect(askedNext('needs_first_factor', first, null)).toEqual({
      kind: 'ask',
      stage: 'first',
      factors: [
        { kind: 'password' },
        { kind: 'email_code', emailAddressId: 'idn_1', sentTo: 'm***@x.example' },
      ],
    });
    expect(askedNext('needs_second_factor', first, strategies('phone_code', 'backup_code', 'totp'))).toEqual({
      kind: 'ask',
      stage: 'second',
      factors: [{ kind: 'totp' }, { kind: 'backup_code' }],
    });
    expect(askedNext('needs_client_trust', first, [email])).toMatchObject({ stage: 'device' });
  });

  it.each([
    ['needs_first_factor', strategies('passkey'), null, 'a passkey'],
    [
      'needs_first_factor',
      strategies('passkey', 'oauth_google', 'web3_metamask_signature'),
      null,
      'a passkey, the sign-in of google or a crypto wallet',
    ],
    [
      'needs_first_factor',
      strategies('reset_password_email_code'),
      null,
      'a way to sign in that it does not name',
    ],
    ['needs_second_factor', strategies('password'), strategies('phone_code'), 'a code by text message'],
    ['needs_second_factor', strategies('password'), strategies('brand_new'), 'brand_new'],
    [
      'needs_client_trust',
      strategies('password'),
      strategies('phone_code', 'email_link'),
      'a code by text message or a link by e-mail',
    ],
    ['needs_new_password', null, null, 'a new password'],
    ['needs_protect_check', null, null, 'a check against automated sign-ins'],
    ['needs_something_new', null, null, 'an unknown step'],
    [null, null, null, 'an unknown step'],
  ] as const)('names what it cannot do, with a next step: %s', (status, first, second, factor) => {
    expect(askedNext(status, first, second)).toEqual({
      kind: 'unsupported',
      factor,
      next: expect.stringMatching(/\w\.$/),
    });
  });

  it('names the task for which a session is held back', () => {
    expect(heldBack('setup-mfa')).toMatchObject({ factor: 'a second factor to be set up' });
    expect(heldBack(undefined)).toMatchObject({ factor: 'a further step' });
  });
});

describe('failureOf', () => {
  const thrown = (status: number, code: string, more: object = {}) => ({
    status,
    errors: [{ code, message: 'FOREIGN', longMessage: 'their own words', meta: {} }],
    ...more,
  });

  it.each([
    ['form_code_incorrect', 422, 'totp', /shown now/, false],
    ['form_code_incorrect', 422, 'email_code', /newest e-mail/, false],
    ['form_code_incorrect', 422, 'backup_code', /each works once/, false],
    ['verification_expired', 400, 'email_code', /new one sent/, true],
    ['verification_expired', 400, 'totp', /Start again/, true],
    ['verification_failed', 400, 'email_code', /Too many wrong tries.*new code/, true],
    ['verification_failed', 400, 'totp', /Too many wrong tries. Start again/, true],
    ['user_locked', 403, 'totp', /administrator/, false],
    ['form_identifier_not_found', 422, 'totp', /No account has this address/, false],
    ['something_else', 400, 'totp', /their own words/, false],
  ] as const)('says what to do: %s %s %s', (code, status, typed, text, spent) => {
    expect(failureOf(thrown(status, code), typed)).toMatchObject({
      kind: 'wrong',
      text: expect.stringMatching(text),
      spent,
    });
  });

  it('says how long to wait, and tells no answer from a refusal', () => {
    expect(failureOf(thrown(429, 'too_many_requests', { retryAfter: 17 }))).toMatchObject({
      kind: 'wrong',
      text: 'Too many tries. Wait 17 s, then try again.',
      waitSeconds: 17,
    });
    expect(failureOf(thrown(503, 'identity_unreachable')).kind).toBe('unreachable');
    expect(failureOf(new TypeError('Failed to fetch')).kind).toBe('unreachable');
  });
});
