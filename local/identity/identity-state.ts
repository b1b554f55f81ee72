import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const epochMs = z.number().int();

const emailCodeRecord = z.strictObject({
  code: z.string(),
  sentAt: epochMs,
  expireAt: epochMs,
  wrongTries: z.number().int(),
});

const verificationRecord = z.strictObject({
  id: z.string(),
  level: z.enum(['first_factor', 'second_factor', 'multi_factor']),
  status: z.enum(['needs_first_factor', 'needs_second_factor', 'complete']),
  firstAttempts: z.number().int(),
  secondAttempts: z.number().int(),
  firstVerified: z.boolean(),
  secondVerified: z.boolean(),
  firstStrategy: z.string().default('password'),
  emailCode: emailCodeRecord.nullable().default(null),
});

const sessionRecord = z.strictObject({
  id: z.string(),
  clientId: z.string(),
  userId: z.string(),
  status: z.enum(['active', 'ended', 'removed', 'revoked', 'expired']),
  createdAt: epochMs,
  updatedAt: epochMs,
  lastActiveAt: epochMs,
  expireAt: epochMs,
  abandonAt: epochMs,
  lastActiveOrganizationId: z.string().nullable(),
  firstFactorAt: epochMs,
  secondFactorAt: epochMs.nullable(),
  verification: verificationRecord.nullable(),
});

/** A sign-in at the page of an enterprise connection. */
const browserRecord = z.strictObject({
  /** What the page is asked for with; unguessable. */
  requestId: z.string(),
  connectionId: z.string(),
  redirectUrl: z.string(),
  status: z.enum(['unverified', 'verified', 'failed']),
});

const signInRecord = z.strictObject({
  id: z.string(),
  clientId: z.string(),
  userId: z.string(),
  status: z.enum(['needs_first_factor', 'needs_second_factor', 'needs_client_trust', 'complete']),
  /** Whether this device was known when the sign-in began. */
  knownDevice: z.boolean().default(true),
  firstStrategy: z.string().default('password'),
  secondStrategy: z.string().default('totp'),
  firstAttempts: z.number().int(),
  secondAttempts: z.number().int(),
  emailCode: emailCodeRecord.nullable().default(null),
  browser: browserRecord.nullable().default(null),
  firstFactorAt: epochMs.nullable(),
  secondFactorAt: epochMs.nullable(),
  createdSessionId: z.string().nullable(),
  createdAt: epochMs,
});

const clientRecord = z.strictObject({
  id: z.string(),
  rotatingToken: z.string(),
  /** A browser has signed this client in: its application may fetch the new token once, with the nonce. */
  rotation: z.strictObject({ before: z.string(), nonce: z.string() }).nullable().default(null),
  /** Those whose sign-in here was confirmed by a code: no client trust is asked of them again. */
  trustedBy: z.array(z.string()).default([]),
  signInId: z.string().nullable(),
  lastActiveSessionId: z.string().nullable(),
  createdAt: epochMs,
  updatedAt: epochMs,
});

const outgoingWebhook = z.strictObject({
  id: z.string(),
  type: z.string(),
  body: z.string(),
  attempts: z.number().int(),
});

const stateFile = z.strictObject({
  version: z.literal(1),
  secretKey: z.string(),
  clients: z.record(z.string(), clientRecord),
  signIns: z.record(z.string(), signInRecord),
  sessions: z.record(z.string(), sessionRecord),
  /** `organization id/user id` → role, or null once removed. Overrides the seed. */
  membershipOverrides: z.record(z.string(), z.string().nullable()),
  lastSignInAt: z.record(z.string(), epochMs),
  usedBackupCodes: z.record(z.string(), z.array(z.string())).default({}),
  /** By user id; wrong passwords since the last right one. */
  wrongPasswords: z
    .record(z.string(), z.strictObject({ count: z.number().int(), lockedUntil: epochMs }))
    .default({}),
  webhooks: z.array(outgoingWebhook),
});

export type VerificationRecord = z.infer<typeof verificationRecord>;
export type SessionRecord = z.infer<typeof sessionRecord>;
export type SignInRecord = z.infer<typeof signInRecord>;
export type ClientRecord = z.infer<typeof clientRecord>;
export type OutgoingWebhook = z.infer<typeof outgoingWebhook>;
export type IdentityState = z.infer<typeof stateFile>;

export type StateResult =
  | { ok: true; state: IdentityState }
  | { ok: false; code: 'state_invalid'; reason: string };

const fileIn = (stateDir: string) => join(stateDir, 'state.json');
const dayMs = 24 * 60 * 60 * 1000;

/** Reads `<stateDir>/state.json`, or begins a new state. Old sign-ins and dead sessions are dropped. */
export function readState(stateDir: string, newSecretKey: () => string, nowMs: number): StateResult {
  const file = fileIn(stateDir);
  if (!existsSync(file)) return { ok: true, state: emptyState(newSecretKey()) };
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    return { ok: false, code: 'state_invalid', reason: `${file}: ${String(cause)}` };
  }
  const parsed = stateFile.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.map(String).join('.') || '(top level)';
    return { ok: false, code: 'state_invalid', reason: `${file}: ${where}: ${issue?.message ?? 'invalid'}` };
  }
  return { ok: true, state: withoutOldRecords(parsed.data, nowMs) };
}

/** Replaces the file in one step, so that a crash leaves the old state or the new one. */
export function writeState(stateDir: string, text: string): void {
  mkdirSync(stateDir, { recursive: true });
  const file = fileIn(stateDir);
  const temporary = `${file}.new`;
  const handle = openSync(temporary, 'w', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
}

function emptyState(secretKey: string): IdentityState {
  return {
    version: 1,
    secretKey,
    clients: {},
    signIns: {},
    sessions: {},
    membershipOverrides: {},
    lastSignInAt: {},
    usedBackupCodes: {},
    wrongPasswords: {},
    webhooks: [],
  };
}

function withoutOldRecords(state: IdentityState, nowMs: number): IdentityState {
  return {
    ...state,
    clients: keep(state.clients, (client) => client.updatedAt > nowMs - 90 * dayMs),
    signIns: keep(state.signIns, (signIn) => signIn.createdAt > nowMs - dayMs),
    sessions: keep(state.sessions, (session) => session.abandonAt > nowMs),
  };
}

function keep<T>(records: Record<string, T>, wanted: (record: T) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(records).filter(([, record]) => wanted(record)));
}
