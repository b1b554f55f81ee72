import { describe, expect, it } from 'vitest';
import { TestClock, settled } from '../../testing/test-clock.ts';
import type { EmailCode, Identity, SignInAnswer } from './identity.ts';
import { createSignIn } from './sign-in-store.ts';

const email: EmailCode = { kind: 'email_code', emailAddressId: 'idn_1', sentTo: 'm***@nightops.example' };
const wrong = {
  kind: 'wrong',
  field: 'code',
  text: 'Code is incorrect.',
  spent: false,
  waitSeconds: null,
} as const;

/** An identity service whose answers are handed out by the test, in the order in which they were asked for. */
function signingIn() {
  const clock = new TestClock();
  const asked: { name: string; answer: (answer: SignInAnswer) => Promise<void> }[] = [];
  const ask =
    (name: string) =>
    (...params: readonly unknown[]): Promise<SignInAnswer> =>
      new Promise((resolve) => {
        asked.push({
          name: [name, ...params.map((param) => (typeof param === 'string' ? param : ''))].join(' ').trim(),
          answer: (answer) => {
            resolve(answer);
            return settled();
          },
        });
      });
  const never = () => Promise.reject(new Error('not asked for here'));
  const identity: Identity = {
    prepare: () => Promise.resolve({ ok: true }),
    identify: ask('identify'),
    submitPassword: ask('password'),
    sendCode: ask('send'),
    submitCode: ask('code'),
    signInWithBrowser: ask('browser'),
    getToken: never,
    ensureToken: never,
    startReverification: never,
    reverifyPassword: never,
    reverifyCode: never,
    end: never,
  };
  let signedIn = 0;
  const { store, actions, dispose } = createSignIn({
    identity,
    now: clock.now,
    after: clock.after,
    retryDelayMs: () => 1000,
    onSignedIn: () => {
      signedIn += 1;
    },
  });
  const next = () => {
    const first = asked.shift();
    if (first === undefined) throw new Error('nothing was asked');
    return first;
  };
  return { clock, actions, dispose, next, asked, state: () => store.getState(), signedIn: () => signedIn };
}

async function atEmailCode() {
  const sign = signingIn();
  await settled();
  sign.actions.identify('maren@nightops.example');
  await sign.next().answer({ kind: 'ask', stage: 'first', factors: [{ kind: 'password' }, email] });
  sign.actions.showChoice();
  sign.actions.choose(email);
  return sign;
}

describe('the sign-in', () => {
  it('asks who it is, then for the first of what the account supports', async () => {
    const { actions, next, state, signedIn } = signingIn();
    await settled();
    expect(state()).toEqual({ kind: 'identifier', busy: false, problem: null });
    actions.identify('maren@nightops.example');
    expect(state()).toMatchObject({ kind: 'identifier', busy: true });
    await next().answer({ kind: 'ask', stage: 'first', factors: [{ kind: 'password' }] });
    expect(state()).toMatchObject({ kind: 'password', email: 'maren@nightops.example' });
    actions.showChoice();
    expect(state().kind).toBe('password');
    actions.submitPassword('secret');
    await next().answer({ kind: 'ask', stage: 'device', factors: [email] });
    // Whoever has the e-mail before the answer comes may type already.
    expect(state()).toMatchObject({ kind: 'code', stage: 'device', busy: false });
    const sending = next();
    expect(sending.name).toBe('send  device');
    await sending.answer({ kind: 'sent' });
    actions.submitCode('123456');
    const typed = next();
    expect(typed.name).toBe('code  device 123456');
    await typed.answer({ kind: 'complete' });
    expect([state().kind, signedIn()]).toEqual(['done', 1]);
  });

  it('sends again after the wait alone, and at once when the code that was sent is worth nothing', async () => {
    const { clock, actions, next, asked, state } = await atEmailCode();
    await next().answer({ kind: 'sent' });
    actions.sendAgain();
    await clock.pass(29_999);
    actions.sendAgain();
    expect(asked).toEqual([]);
    await clock.pass(1);
    actions.sendAgain();
    await next().answer({
      kind: 'wrong',
      field: 'other',
      text: 'Too many tries.',
      spent: false,
      waitSeconds: 50,
    });
    expect(state()).toMatchObject({
      busy: false,
      problem: { text: 'Too many tries.' },
      resendAtMs: clock.now() + 50_000,
    });
    await clock.pass(50_000);
    actions.sendAgain();
    await next().answer({ kind: 'sent' });

    actions.submitCode('1');
    await next().answer(wrong);
    expect(state()).toMatchObject({ problem: { field: 'code' }, resendAtMs: clock.now() + 30_000 });
    actions.submitCode('1');
    await next().answer({ ...wrong, spent: true });
    expect(state()).toMatchObject({ resendAtMs: clock.now() });
    actions.sendAgain();
    expect(next().name).toBe('send  first');
  });

  it('does not send a second code to somebody who looked at the other ways and came back', async () => {
    const { actions, next, asked, state } = await atEmailCode();
    await next().answer({ kind: 'sent' });
    actions.showChoice();
    expect(state()).toMatchObject({ kind: 'choose', factors: [{ kind: 'password' }, email] });
    actions.choose(email);
    expect(asked).toEqual([]);
    expect(state()).toMatchObject({ kind: 'code', busy: false });
  });

  it('hears no answer to a step that was left', async () => {
    const { actions, next, state, signedIn, dispose } = signingIn();
    await settled();
    actions.identify('yusuf@nightops.example');
    await next().answer({ kind: 'ask', stage: 'first', factors: [{ kind: 'browser', connectionId: null }] });
    actions.openBrowser();
    expect(state()).toMatchObject({ kind: 'browser', waiting: true });
    const given = next();
    actions.openBrowser();
    await given.answer({ kind: 'superseded' });
    expect(state()).toMatchObject({ kind: 'browser', waiting: true });
    const left = next();
    actions.restart();
    await settled();
    await left.answer({ kind: 'complete' });
    expect([state().kind, signedIn()]).toEqual(['identifier', 0]);

    actions.identify('yusuf@nightops.example');
    const late = next();
    dispose();
    await late.answer({ kind: 'complete' });
    expect(signedIn()).toBe(0);
  });

  it('begins anew where the person has no access to the client, and says so', async () => {
    const { actions, next, state } = signingIn();
    await settled();
    actions.identify('priya@nightops.example');
    await next().answer({ kind: 'ask', stage: 'first', factors: [{ kind: 'password' }] });
    actions.submitPassword('x');
    await next().answer({ kind: 'rejected', text: 'This account has no access to this client.' });
    expect(state()).toMatchObject({ kind: 'identifier', problem: { field: 'other' } });
  });
});
