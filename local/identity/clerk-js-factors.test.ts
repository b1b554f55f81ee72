import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from '@clerk/backend/jwt';
import type { Clerk } from '@clerk/clerk-js/no-rhc';
import { Window } from 'happy-dom';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { loadUnmodifiedClerk } from './load-clerk.ts';
import { startIdentity } from './start-identity.ts';
import type { RunningIdentity } from './start-identity.ts';
import { totpCode } from './totp.ts';

const primary = 'org_2VxBvWYGxPGdCvksnMITjN4MLzP';
const ines = 'ines.carvalho@nightops.example';
const linnea = { identifier: 'linnea.strand@nightops.example', password: 'juniper-Harvest-64' };
const tobias = { identifier: 'tobias.engel@nightops.example', password: 'marble-Lantern-38' };
const maren = { identifier: 'maren.holt@nightops.example', password: 'willow-Signal-92' };
const yusuf = 'yusuf.demir@nightops.example';
const redirectUrl = 'caisey://sso-callback';

let stateDir: string;
let identity: RunningIdentity;
let nowMs: number;

beforeEach(async () => {
  const window = new Window({ url: 'https://console.example/' });
  vi.stubGlobal('window', window);
  vi.stubGlobal('document', window.document);
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  stateDir = mkdtempSync(join(tmpdir(), 'identity-'));
  nowMs = Date.now();
  identity = await startIdentity({ port: 0, stateDir, now: () => nowMs });
});

afterEach(async () => {
  await identity.close();
  rmSync(stateDir, { recursive: true });
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('the unmodified clerk-js, one factor after another', () => {
  it('says who it is first, and is told what the account supports', async () => {
    const { clerk } = await load();
    const factorsOf = async (identifier: string) => {
      const { status, supportedFirstFactors } = await signInOf(clerk).create({ identifier });
      expect(status).toBe('needs_first_factor');
      return supportedFirstFactors?.map(({ strategy }) => strategy);
    };
    expect(await factorsOf(maren.identifier)).toEqual(['password']);
    expect(await factorsOf(linnea.identifier)).toEqual(['password', 'email_code']);
    expect(await factorsOf(ines)).toEqual(['email_code']);
    expect(await factorsOf(yusuf)).toEqual(['enterprise_sso']);
    expect(await factorsOf('oren.vidal@nightops.example')).toEqual(['passkey']);
    await factorsOf(linnea.identifier);
    const answer = await signInOf(clerk).attemptFirstFactor({
      strategy: 'password',
      password: linnea.password,
    });
    expect(answer.status).toBe('complete');
    expect(await ages(clerk, answer.createdSessionId)).toEqual([0, -1]);
  });

  it('signs in with a code by e-mail; each is good once, for ten minutes and for five tries', async () => {
    const { clerk } = await load();
    await signInOf(clerk).create({ identifier: ines });
    const emailAddressId = emailFactorOf(signInOf(clerk).supportedFirstFactors);
    const send = () => signInOf(clerk).prepareFirstFactor({ strategy: 'email_code', emailAddressId });
    const type = (code: string) => signInOf(clerk).attemptFirstFactor({ strategy: 'email_code', code });
    const sent = await send();
    expect(sent.firstFactorVerification).toMatchObject({ status: 'unverified', strategy: 'email_code' });
    await expect(send()).rejects.toMatchObject({
      status: 429,
      retryAfter: 30,
      errors: [{ code: 'too_many_requests' }],
    });

    const first = await mailed(ines);
    nowMs += 10 * 60_000;
    await expect(type(first)).rejects.toMatchObject({ errors: [{ code: 'verification_expired' }] });
    await send();
    const second = await mailed(ines);
    const wrong = second === '123456' ? '654321' : '123456';
    for (let tries = 0; tries < 4; tries += 1)
      await expect(type(wrong)).rejects.toMatchObject({ errors: [{ code: 'form_code_incorrect' }] });
    await expect(type(wrong)).rejects.toMatchObject({ errors: [{ code: 'verification_failed' }] });
    await expect(type(second)).rejects.toMatchObject({ errors: [{ code: 'verification_failed' }] });
    nowMs += 30_000;
    await send();
    const answer = await type(await mailed(ines));
    expect(answer.status).toBe('complete');
    expect(await ages(clerk, answer.createdSessionId)).toEqual([0, -1]);
  });

  it('reverifies with a code by e-mail, which resets the age of the first factor', async () => {
    const { clerk } = await load();
    await signInOf(clerk).create({ identifier: ines });
    const emailAddressId = emailFactorOf(signInOf(clerk).supportedFirstFactors);
    await signInOf(clerk).prepareFirstFactor({ strategy: 'email_code', emailAddressId });
    const code = await mailed(ines);
    const { createdSessionId } = await signInOf(clerk).attemptFirstFactor({ strategy: 'email_code', code });
    nowMs += 15 * 60_000;
    expect(await ages(clerk, createdSessionId)).toEqual([15, -1]);
    const started = await clerk.session?.startVerification({ level: 'first_factor' });
    expect(started?.supportedFirstFactors?.map(({ strategy }) => strategy)).toEqual(['email_code']);
    await clerk.session?.prepareFirstFactorVerification({ strategy: 'email_code', emailAddressId });
    const type = (typed: string) =>
      clerk.session?.attemptFirstFactorVerification({ strategy: 'email_code', code: typed });
    await expect(type('12345')).rejects.toMatchObject({ errors: [{ code: 'form_code_incorrect' }] });
    expect((await type(await mailed(ines)))?.status).toBe('complete');
    expect(await ages(clerk, createdSessionId)).toEqual([0, -1]);
  });

  it('takes each backup code once, as a second factor', async () => {
    const attempt = async (code: string) => {
      const { clerk } = await load();
      const first = await signInOf(clerk).create({ strategy: 'password', ...tobias });
      expect(first.supportedSecondFactors?.map(({ strategy }) => strategy)).toEqual(['totp', 'backup_code']);
      const answer = await signInOf(clerk).attemptSecondFactor({ strategy: 'backup_code', code });
      return ages(clerk, answer.createdSessionId);
    };
    expect(await attempt('7hq2mz4k')).toEqual([0, 0]);
    await expect(attempt('7hq2mz4k')).rejects.toMatchObject({ errors: [{ code: 'form_code_incorrect' }] });
    expect(await attempt('b9xw3tfd')).toEqual([0, 0]);
  });

  it('ends the tries at an authenticator code, and locks an account after a hundred wrong passwords', async () => {
    const { clerk } = await load();
    await signInOf(clerk).create({ strategy: 'password', ...tobias });
    const type = (code: string) => signInOf(clerk).attemptSecondFactor({ strategy: 'totp', code });
    for (let tries = 0; tries < 5; tries += 1)
      await expect(type('no')).rejects.toMatchObject({ errors: [{ code: 'form_code_incorrect' }] });
    const right = totpCode('KRUGS4ZANFZSA3TPOQQGC3TZMF2GK3DM', nowMs);
    await expect(type(right)).rejects.toMatchObject({ errors: [{ code: 'verification_failed' }] });

    await signInOf(clerk).create({ identifier: maren.identifier });
    const guess = (password: string) =>
      signInOf(clerk).attemptFirstFactor({ strategy: 'password', password });
    for (let tries = 0; tries < 99; tries += 1) await guess('wrong-Horse-00').catch(() => undefined);
    await expect(guess('wrong-Horse-00')).rejects.toMatchObject({
      status: 403,
      errors: [{ code: 'user_locked' }],
    });
    await expect(guess(maren.password)).rejects.toMatchObject({ errors: [{ code: 'user_locked' }] });
    nowMs += 60 * 60_000;
    expect((await guess(maren.password)).status).toBe('needs_client_trust');
  });

  it('confirms a new device once; the client token alone keeps it known, and it is no second factor', async () => {
    const { clerk, clientToken } = await load();
    const first = await signInOf(clerk).create({ strategy: 'password', ...maren });
    expect(first).toMatchObject({
      status: 'needs_client_trust',
      clientTrustState: 'new',
      createdSessionId: null,
    });
    const emailAddressId = emailFactorOf(first.supportedSecondFactors);
    await signInOf(clerk).prepareSecondFactor({ strategy: 'email_code', emailAddressId });
    const type = (code: string) => signInOf(clerk).attemptSecondFactor({ strategy: 'email_code', code });
    await expect(type('12345')).rejects.toMatchObject({ errors: [{ code: 'form_code_incorrect' }] });
    const answer = await type(await mailed(maren.identifier));
    expect(await ages(clerk, answer.createdSessionId)).toEqual([0, -1]);
    await clerk.signOut(() => undefined);

    const again = await load(clientToken());
    expect((await signInOf(again.clerk).create({ strategy: 'password', ...maren })).status).toBe('complete');
    const elsewhere = await load();
    expect((await signInOf(elsewhere.clerk).create({ strategy: 'password', ...maren })).status).toBe(
      'needs_client_trust',
    );
  });

  it('signs in at the company’s page: the nonce is good once, for the client that began it alone', async () => {
    const { clerk, clientToken } = await load();
    await signInOf(clerk).create({ identifier: yusuf });
    const prepare = (to: string) =>
      signInOf(clerk).prepareFirstFactor({
        strategy: 'enterprise_sso',
        redirectUrl: to,
        actionCompleteRedirectUrl: to,
      });
    await expect(prepare('caisey://elsewhere')).rejects.toMatchObject({
      errors: [{ meta: { paramName: 'redirect_url' } }],
    });
    const { firstFactorVerification } = await prepare(redirectUrl);
    const page = firstFactorVerification.externalVerificationRedirectURL?.href ?? '';
    expect(await (await fetch(page)).text()).toContain('yusuf.demir@nightops.example');
    const before = clientToken();
    const nonce = (await answerPage(page, 'allow')) ?? '';
    expect((await fetch(page)).status).toBe(410);

    const reload = (rotatingTokenNonce?: string) =>
      signInOf(clerk).reload(rotatingTokenNonce === undefined ? undefined : { rotatingTokenNonce });
    for (const wrong of [undefined, 'x', `${nonce}x`])
      await expect(reload(wrong)).rejects.toMatchObject({ status: 401 });
    const stranger = await load();
    await signInOf(stranger.clerk).create({ identifier: yusuf });
    expect((await signInOf(stranger.clerk).reload({ rotatingTokenNonce: nonce })).status).toBe(
      'needs_first_factor',
    );

    const answer = await reload(nonce);
    expect(answer).toMatchObject({ status: 'complete', firstFactorVerification: { status: 'verified' } });
    expect(await ages(clerk, answer.createdSessionId)).toEqual([0, -1]);
    expect(clientToken()).not.toBe(before);
    const replayed = await load(before);
    expect(replayed.clerk.client?.sessions).toEqual([]);
  });

  it('hands the way back to whoever asked for it, where no desktop would', async () => {
    await identity.close();
    const handed: string[] = [];
    identity = await startIdentity({ port: 0, stateDir, sendBack: (address) => handed.push(address) });
    const { clerk } = await load();
    await signInOf(clerk).create({ strategy: 'enterprise_sso', identifier: yusuf, redirectUrl });
    const page = signInOf(clerk).firstFactorVerification.externalVerificationRedirectURL?.href ?? '';
    const answer = await fetch(page, { method: 'POST', body: new URLSearchParams({ answer: 'allow' }) });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const nonce = new URL(handed[0] ?? '').searchParams.get('rotating_token_nonce') ?? '';
    expect((await signInOf(clerk).reload({ rotatingTokenNonce: nonce })).status).toBe('complete');
  });

  it('hears that the company’s page refused', async () => {
    const { clerk } = await load();
    await signInOf(clerk).create({ strategy: 'enterprise_sso', identifier: yusuf, redirectUrl });
    const page = signInOf(clerk).firstFactorVerification.externalVerificationRedirectURL?.href ?? '';
    expect(await answerPage(page, 'refuse')).toBeNull();
    const { status, firstFactorVerification } = await signInOf(clerk).reload();
    expect(status).toBe('needs_first_factor');
    expect(firstFactorVerification).toMatchObject({
      status: 'failed',
      error: { code: 'oauth_access_denied' },
    });
  });
});

function load(clientToken = '') {
  return loadUnmodifiedClerk(identity.publishableKey, clientToken);
}

function signInOf(clerk: Clerk) {
  if (!clerk.client) throw new Error('clerk-js has no client');
  return clerk.client.signIn;
}

/** What the relay sees: minutes since each factor. */
async function ages(clerk: Clerk, session: string | null): Promise<unknown> {
  await clerk.setActive({ session, organization: primary });
  return decodeJwt((await clerk.session?.getToken({ skipCache: true })) ?? '').payload.fva;
}

type Factor = { strategy: string; emailAddressId?: string };

function emailFactorOf(factors: readonly Factor[] | null): string {
  return factors?.find(({ strategy }) => strategy === 'email_code')?.emailAddressId ?? '';
}

const Mails = z.object({ data: z.array(z.object({ code: z.string() })) });

/** The newest code in a person's mailbox. */
async function mailed(address: string): Promise<string> {
  const answer = await fetch(`${identity.url}/__local/mail?to=${encodeURIComponent(address)}`, {
    headers: { authorization: `Bearer ${identity.secretKey}` },
  });
  return Mails.parse(await answer.json()).data[0]?.code ?? '';
}

/** As the person in the browser. @returns the nonce that the application is sent back with */
async function answerPage(page: string, answer: 'allow' | 'refuse'): Promise<string | null> {
  const sent = await fetch(page, {
    method: 'POST',
    body: new URLSearchParams({ answer }),
    redirect: 'manual',
  });
  expect(sent.status).toBe(303);
  const back = new URL(sent.headers.get('location') ?? '');
  expect(`${back.protocol}//${back.host}`).toBe(redirectUrl);
  return back.searchParams.get('rotating_token_nonce');
}
