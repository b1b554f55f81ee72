import type { IdentityContext } from './identity-context.ts';
import type { UserSeed } from './seed.ts';

type Json = Record<string, unknown>;

export function emailIdOf(user: UserSeed): string {
  return user.id.replace(/^user_/, 'idn_');
}

/** In Clerk's form, as all of these. */
export function firstFactors(context: IdentityContext, user: UserSeed): Json[] {
  const connection =
    user.connection === undefined ? undefined : context.directory.connectionById(user.connection);
  if (connection) {
    return [
      {
        strategy: 'enterprise_sso',
        enterprise_connection_id: connection.id,
        enterprise_connection_name: connection.name,
      },
    ];
  }
  return [
    ...(user.password === '' ? [] : [{ strategy: 'password' }]),
    ...(user.emailCode ? [emailFactor(user)] : []),
    ...user.otherFirstFactors.map((strategy) => otherFactor(strategy)),
  ];
}

export function secondFactors(user: UserSeed): Json[] {
  return [
    ...(user.totpSecret === undefined ? [] : [{ strategy: 'totp' }]),
    ...(user.backupCodes.length === 0 ? [] : [{ strategy: 'backup_code' }]),
    ...user.otherSecondFactors.map((strategy) => otherFactor(strategy)),
  ];
}

export function emailFactor(user: UserSeed): Json {
  return {
    strategy: 'email_code',
    email_address_id: emailIdOf(user),
    safe_identifier: user.email.replace(/^(.)[^@]*/, '$1***'),
    primary: true,
  };
}

function otherFactor(strategy: 'passkey' | 'phone_code'): Json {
  return strategy === 'passkey'
    ? { strategy }
    : { strategy, phone_number_id: 'idn_0000000000000000000000phone', safe_identifier: '+*********17' };
}
