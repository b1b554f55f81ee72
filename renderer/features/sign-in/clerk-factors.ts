// Clerk's factors as this console knows them, and the names of those that it does not.
import type { Factor, SignInAnswer, SignInStage } from './identity.ts';

/** A factor of clerk-js, of either stage. */
export interface ClerkFactor {
  readonly strategy: string;
  readonly emailAddressId?: string;
  readonly safeIdentifier?: string;
  readonly enterpriseConnectionId?: string;
}

/** The most usual first: it is asked for unless the person chooses another. */
const ORDER: readonly Factor['kind'][] = ['browser', 'password', 'totp', 'email_code', 'backup_code'];

const OTHER_NAMES: Readonly<Record<string, string>> = {
  phone_code: 'a code by text message',
  passkey: 'a passkey',
  email_link: 'a link by e-mail',
  ticket: 'an invitation link',
  trusted_device: 'the biometrics of a phone',
};

const STATUS_NAMES: Readonly<Record<string, { factor: string; next: string }>> = {
  needs_new_password: {
    factor: 'a new password',
    next: 'Set it on the sign-in page of your company’s account in a browser, then start again here.',
  },
  needs_protect_check: {
    factor: 'a check against automated sign-ins',
    next: 'It runs in a browser alone. Ask an administrator to turn it off for native applications.',
  },
};

const TASK_NAMES: Readonly<Record<string, string>> = {
  'reset-password': 'a new password',
  'setup-mfa': 'a second factor to be set up',
  'choose-organization': 'an organization to be chosen',
};

const HAS =
  'This console signs in with a password, a code by e-mail, an authenticator app, a backup code or your company’s sign-in page.';
const NEXT = `${HAS} Ask an administrator to allow one of these for your account.`;

/** What a sign-in that is not complete asks for next. */
export function askedNext(
  status: string | null,
  first: readonly ClerkFactor[] | null,
  second: readonly ClerkFactor[] | null,
): SignInAnswer {
  const stage = status === null ? undefined : STAGES[status];
  if (stage === undefined) {
    const named = STATUS_NAMES[status ?? ''];
    return { kind: 'unsupported', factor: named?.factor ?? 'an unknown step', next: named?.next ?? NEXT };
  }
  const offered = (stage === 'first' ? first : second) ?? [];
  const factors = offered
    .flatMap((one) => knownFactor(one, stage))
    .toSorted((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind));
  if (factors.length > 0) return { kind: 'ask', stage, factors };
  return { kind: 'unsupported', factor: namesOf(offered), next: NEXT };
}

/** A session that Clerk holds back until a task is done. */
export function heldBack(task: string | undefined): SignInAnswer {
  return {
    kind: 'unsupported',
    factor: TASK_NAMES[task ?? ''] ?? 'a further step',
    next: 'Do it on the sign-in page of your company’s account in a browser, then start again here.',
  };
}

const STAGES: Readonly<Record<string, SignInStage>> = {
  needs_first_factor: 'first',
  needs_second_factor: 'second',
  needs_client_trust: 'device',
};

function knownFactor(factor: ClerkFactor, stage: SignInStage): Factor[] {
  switch (factor.strategy) {
    case 'password':
      return stage === 'first' ? [{ kind: 'password' }] : [];
    case 'enterprise_sso':
      return stage === 'first'
        ? [{ kind: 'browser', connectionId: factor.enterpriseConnectionId ?? null }]
        : [];
    case 'email_code':
      return factor.emailAddressId === undefined
        ? []
        : [
            {
              kind: 'email_code',
              emailAddressId: factor.emailAddressId,
              sentTo: factor.safeIdentifier ?? 'your address',
            },
          ];
    case 'totp':
    case 'backup_code':
      return stage === 'second' ? [{ kind: factor.strategy }] : [];
    default:
      return [];
  }
}

/** In words, for a person: those that only set a new password are no ways to sign in. */
export function namesOf(factors: readonly ClerkFactor[]): string {
  const names = factors
    .filter(({ strategy }) => !strategy.startsWith('reset_password'))
    .map(({ strategy }) => factorName(strategy));
  const [last, ...others] = [...new Set(names)].toReversed();
  if (last === undefined) return 'a way to sign in that it does not name';
  return others.length === 0 ? last : `${others.toReversed().join(', ')} or ${last}`;
}

function factorName(strategy: string): string {
  const provider = /^oauth_(?:custom_)?(?<name>\w+)$/.exec(strategy)?.groups?.['name'];
  if (provider !== undefined) return `the sign-in of ${provider}`;
  if (strategy.startsWith('web3_')) return 'a crypto wallet';
  return KNOWN_NAMES[strategy] ?? OTHER_NAMES[strategy] ?? strategy;
}

const KNOWN_NAMES: Readonly<Record<string, string>> = {
  password: 'a password',
  email_code: 'a code by e-mail',
  totp: 'an authenticator app',
  backup_code: 'a backup code',
  enterprise_sso: 'the sign-in page of your company',
};
