import { SignInScreen } from '../features/sign-in/index.ts';
import type { SignInActions, SignInState } from '../features/sign-in/index.ts';
import { westside } from '../testing/example-frames.ts';
import { now } from './gallery-data.ts';

const nothing = () => undefined;

export const signInActions: SignInActions = {
  identify: nothing,
  submitPassword: nothing,
  submitCode: nothing,
  sendAgain: nothing,
  openBrowser: nothing,
  showChoice: nothing,
  choose: nothing,
  restart: nothing,
};

const email = { kind: 'email_code', emailAddressId: 'idn_1', sentTo: 'm***@nightops.example' } as const;
const browser = { kind: 'browser', connectionId: null } as const;
const asking = {
  email: 'maren.holt@nightops.example',
  stage: 'first',
  factors: [{ kind: 'password' }],
  busy: false,
  problem: null,
} as const;

const states = {
  signin: { kind: 'identifier', busy: false, problem: null },
  unknown: {
    kind: 'identifier',
    busy: false,
    problem: {
      field: 'email',
      text: 'No account has this address. Check it, or ask an administrator to invite you.',
    },
  },
  password: { ...asking, kind: 'password', factors: [{ kind: 'password' }, email] },
  wrong: {
    ...asking,
    kind: 'password',
    problem: { field: 'password', text: 'Password is incorrect. Try again.' },
  },
  code: { ...asking, kind: 'code', stage: 'second', factor: { kind: 'totp' }, resendAtMs: null },
  backup: {
    ...asking,
    kind: 'code',
    stage: 'second',
    factors: [{ kind: 'totp' }, { kind: 'backup_code' }],
    factor: { kind: 'backup_code' },
    resendAtMs: null,
  },
  device: { ...asking, kind: 'code', stage: 'device', factor: email, resendAtMs: now + 24_000 },
  expired: {
    ...asking,
    kind: 'code',
    factors: [{ kind: 'password' }, email],
    factor: email,
    resendAtMs: now,
    problem: { field: 'code', text: 'This code has expired. Have a new one sent.' },
  },
  choice: {
    ...asking,
    kind: 'choose',
    factors: [{ kind: 'password' }, email, browser],
  },
  browser: { ...asking, kind: 'browser', factor: browser, waiting: false },
  waiting: { ...asking, kind: 'browser', factor: browser, waiting: true },
  passkey: {
    kind: 'unsupported',
    factor: 'a passkey',
    next: 'This console signs in with a password, a code by e-mail, an authenticator app, a backup code or your company’s sign-in page. Ask an administrator to allow one of these for your account.',
  },
  unreachable: { kind: 'unreachable', text: '', attempt: 2, retryAtMs: now + 4000 },
} as const satisfies Record<string, SignInState>;

const screen = (state: SignInState, linkWaiting: boolean) => (
  <SignInScreen
    frame={westside}
    state={state}
    email={state.kind === 'identifier' && state.problem !== null ? 'maren.hlot@nightops.example' : ''}
    linkWaiting={linkWaiting}
    remembersDevice={false}
    note={null}
    actions={signInActions}
  />
);

/** By name, each step of the sign-in. */
export const signInScreens = Object.entries(states).map(
  ([name, state]) => [name, screen(state, name === 'signin')] as const,
);
