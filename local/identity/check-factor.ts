// Codes by e-mail, and what each factor of a person proves. Limits are Clerk's own where it tells them.
import { randomInt } from 'node:crypto';
import type { Answer } from './answers.ts';
import { refusals } from './answers.ts';
import { secretsMatch } from './directory.ts';
import type { IdentityContext } from './identity-context.ts';
import type { SignInRecord } from './identity-state.ts';
import type { UserSeed } from './seed.ts';
import { totpMatches } from './totp.ts';

const codeLifeMs = 10 * 60_000;
/** Clerk's own pages wait as long before they offer to send again. */
const resendAfterMs = 30_000;
const wrongTriesMax = 5;
const wrongPasswordsMax = 100;
const lockedForMs = 60 * 60_000;

/** A sign-in or a reverification: whatever a code is sent for. */
type CodeHolder = Pick<SignInRecord, 'emailCode'>;

/** Sends a new code, unless the last one is too fresh. @returns why not */
export function sendCode(context: IdentityContext, holder: CodeHolder, user: UserSeed): Answer | null {
  const now = context.now();
  const waitMs = (holder.emailCode?.sentAt ?? -resendAfterMs) + resendAfterMs - now;
  if (waitMs > 0) return refusals.tooManyRequests(Math.ceil(waitMs / 1000));
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  holder.emailCode = { code, sentAt: now, expireAt: now + codeLifeMs, wrongTries: 0 };
  context.mailbox.send({ to: user.email, code, subject: `${code} is your verification code`, sentAt: now });
  return null;
}

/** @returns null when the code is the one that was sent, and used up by this */
export function checkEmailCode(context: IdentityContext, holder: CodeHolder, given: string): Answer | null {
  const sent = holder.emailCode;
  if (sent === null || context.now() >= sent.expireAt) return refusals.verificationExpired();
  if (sent.wrongTries >= wrongTriesMax) return refusals.verificationFailed();
  if (!secretsMatch(given, sent.code)) {
    sent.wrongTries += 1;
    return sent.wrongTries >= wrongTriesMax ? refusals.verificationFailed() : refusals.codeIncorrect();
  }
  holder.emailCode = null;
  return null;
}

export function checkPassword(context: IdentityContext, user: UserSeed, given: string): Answer | null {
  const now = context.now();
  const before = context.state.wrongPasswords[user.id] ?? { count: 0, lockedUntil: 0 };
  if (before.lockedUntil > now) return refusals.locked((before.lockedUntil - now) / 1000);
  if (user.password !== '' && secretsMatch(given, user.password)) {
    delete context.state.wrongPasswords[user.id];
    return null;
  }
  const count = before.count + 1;
  const locks = count >= wrongPasswordsMax;
  context.state.wrongPasswords[user.id] = {
    count: locks ? 0 : count,
    lockedUntil: locks ? now + lockedForMs : 0,
  };
  return locks ? refusals.locked(lockedForMs / 1000) : refusals.passwordIncorrect();
}

/** TOTP, or a backup code, each of which works once. */
export function checkSecondFactor(
  context: IdentityContext,
  user: UserSeed,
  strategy: string,
  given: string,
  wrongTries: number,
): Answer | null {
  if (wrongTries >= wrongTriesMax) return refusals.verificationFailed();
  if (strategy === 'totp' && user.totpSecret !== undefined) {
    return totpMatches(user.totpSecret, given, context.now()) ? null : refusals.codeIncorrect();
  }
  if (strategy !== 'backup_code' || user.backupCodes.length === 0) return refusals.strategy();
  const used = (context.state.usedBackupCodes[user.id] ??= []);
  const code = user.backupCodes.find((one) => secretsMatch(given.toLowerCase(), one));
  if (code === undefined || used.includes(code)) return refusals.codeIncorrect();
  used.push(code);
  return null;
}
