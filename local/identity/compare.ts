// Plays the recorded exchanges (recorded.json) and prints every difference in the shape of the answers.
// With the keys of a Clerk development instance it plays them there; without, only on the local server.
// Run: npm run identity:compare. Exit code 0: as recorded, 1: differences or no answer, 2: wrong usage.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readRecording, replay } from './replay.ts';
import type { Recording, ReplayTarget, StepOutcome, UserKind } from './replay.ts';
import { readSeed } from './seed.ts';
import type { UserSeed } from './seed.ts';
import { demoSeedFile, startIdentity } from './start-identity.ts';

const needed = ['CLERK_PUBLISHABLE_KEY', 'CLERK_SECRET_KEY', 'CLERK_TEST_IDENTIFIER', 'CLERK_TEST_PASSWORD'];
const optional = [
  'CLERK_TEST_TOTP_SECRET',
  'CLERK_TEST_EMAIL_IDENTIFIER',
  'CLERK_TEST_TEMPLATE',
  'CLERK_API_URL',
];
/** The code of every address with +clerk_test in it, on every development instance of Clerk's. */
const TEST_EMAIL_CODE = '424242';

const userKinds = ['password', 'totp', 'email_code', 'client_trust', 'enterprise_sso'] as const;
const kindNames: Readonly<Record<UserKind, string>> = {
  password: 'password',
  totp: 'password and TOTP',
  email_code: 'code by e-mail',
  client_trust: 'password on a new device',
  enterprise_sso: 'enterprise sign-in',
};

const usage = `Usage: npm run identity:compare [-- --help]

Plays the recorded exchanges on the local identity server, and on a real Clerk development instance when these
variables are set:
  CLERK_PUBLISHABLE_KEY   pk_test_… of the instance (its native API must be enabled)
  CLERK_SECRET_KEY        sk_test_… of the instance
  CLERK_TEST_IDENTIFIER   e-mail address of a test user who belongs to at least one organization
  CLERK_TEST_PASSWORD     that user's password
and, where they apply:
  CLERK_TEST_TOTP_SECRET  the user's base32 authenticator secret
  CLERK_TEST_EMAIL_IDENTIFIER   address with +clerk_test of a user who signs in with a code by e-mail
  CLERK_TEST_TEMPLATE     the name of a JWT template
  CLERK_API_URL           the Backend API, if not https://api.clerk.com
The test user is signed in and out; one of its sessions is revoked.
`;

process.exitCode = await compare(process.argv.slice(2), process.env);

async function compare(args: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  try {
    const { values } = parseArgs({ args, options: { help: { type: 'boolean', short: 'h' } }, strict: true });
    if (values.help) {
      write(usage);
      return 0;
    }
  } catch (cause) {
    process.stderr.write(`${messageOf(cause)}\n${usage}`);
    return 2;
  }
  const recorded = readRecording(fileURLToPath(new URL('./recorded.json', import.meta.url)));
  const set = [...needed, ...optional].filter((name) => environment[name]);
  const real = realTarget(environment);
  if (!real.ok) {
    if (set.length > 0) {
      process.stderr.write(`${real.reason}\n${usage}`);
      return 2;
    }
    const same = await compareLocal(recorded);
    write(
      '\nNo real Clerk instance was compared: this shows only that the local server answers as recorded.\n' +
        `To compare one, set ${needed.join(', ')}.\n`,
    );
    return same ? 0 : 1;
  }
  const localSame = await compareLocal(recorded);
  let realSame = await compareOn(`Clerk at ${real.target.frontendUrl}`, recorded, real.target);
  const identifier = environment['CLERK_TEST_EMAIL_IDENTIFIER'];
  if (identifier) {
    realSame &&= await compareOn(`Clerk at ${real.target.frontendUrl}, code by e-mail`, recorded, {
      ...real.target,
      kind: 'email_code',
      identifier,
      mailed: () => Promise.resolve(TEST_EMAIL_CODE),
    });
  }
  return localSame && realSame ? 0 : 1;
}

/** On the local server: once for a user of each kind. */
async function compareLocal(recorded: Recording): Promise<boolean> {
  const seed = readSeed(demoSeedFile);
  if (!seed.ok) throw new Error(seed.reason);
  const stateDir = mkdtempSync(join(tmpdir(), 'identity-compare-'));
  const mailbox = new Map<string, string>();
  const identity = await startIdentity({
    port: 0,
    stateDir,
    log: (entry) => {
      if ('subject' in entry) mailbox.set(entry.to, entry.subject.slice(0, 6));
    },
  });
  try {
    let same = true;
    for (const kind of userKinds) {
      const user = seed.seed.users.find((one) => kindOf(one) === kind);
      if (user === undefined) throw new Error(`seed.json has nobody of the kind ${kind}`);
      const { email, password, totpSecret } = user;
      const passed = await compareOn(`the local server, ${kindNames[kind]}`, recorded, {
        kind,
        frontendUrl: identity.url,
        backendUrl: identity.url,
        secretKey: identity.secretKey,
        identifier: email,
        password,
        mailed: () => Promise.resolve(mailbox.get(email) ?? ''),
        template: Object.keys(seed.seed.tokenTemplates)[0] ?? '',
        ...(totpSecret === undefined ? {} : { totpSecret }),
      });
      same &&= passed;
    }
    return same;
  } finally {
    await identity.close();
    rmSync(stateDir, { recursive: true });
  }
}

function kindOf(user: UserSeed): UserKind | null {
  if (user.connection !== undefined) return 'enterprise_sso';
  if (user.password === '') return user.emailCode ? 'email_code' : null;
  if (user.clientTrust) return 'client_trust';
  if (user.totpSecret !== undefined) return 'totp';
  return user.otherSecondFactors.length === 0 ? 'password' : null;
}

async function compareOn(title: string, recorded: Recording, target: ReplayTarget): Promise<boolean> {
  write(`\n${title}\n`);
  let outcomes: StepOutcome[];
  try {
    outcomes = await replay(recorded, target);
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : '';
    write(`  no answer: ${messageOf(cause)} ${reason}\n`);
    return false;
  }
  let breaking = 0;
  let extra = 0;
  for (const outcome of outcomes) {
    if (outcome.state === 'skipped') {
      write(`  skipped    ${outcome.name}: ${outcome.reason}\n`);
      continue;
    }
    const { differences } = outcome;
    write(`  ${differences.length === 0 ? 'same      ' : 'different '} ${outcome.name}\n`);
    for (const { kind, path, detail } of differences) {
      write(`             ${kind.padEnd(7)} ${path || '(body)'}: ${detail}\n`);
      if (kind === 'extra') extra += 1;
      else breaking += 1;
    }
  }
  write(`  ${breaking} missing or of another type, ${extra} more than recorded\n`);
  return breaking === 0;
}

type RealTarget = { ok: true; target: ReplayTarget } | { ok: false; reason: string };

function realTarget(environment: NodeJS.ProcessEnv): RealTarget {
  const { CLERK_PUBLISHABLE_KEY, CLERK_SECRET_KEY, CLERK_TEST_IDENTIFIER, CLERK_TEST_PASSWORD } = environment;
  if (!CLERK_PUBLISHABLE_KEY || !CLERK_SECRET_KEY || !CLERK_TEST_IDENTIFIER || !CLERK_TEST_PASSWORD) {
    const missing = needed.filter((name) => !environment[name]);
    return { ok: false, reason: `Not set: ${missing.join(', ')}.` };
  }
  if (!CLERK_PUBLISHABLE_KEY.startsWith('pk_test_') || !CLERK_SECRET_KEY.startsWith('sk_test_')) {
    return { ok: false, reason: 'Only the keys of a development instance (pk_test_, sk_test_) are used.' };
  }
  const host = Buffer.from(CLERK_PUBLISHABLE_KEY.slice('pk_test_'.length), 'base64').toString();
  if (!/^[\w.-]+(:\d+)?\$$/.test(host)) {
    return { ok: false, reason: 'CLERK_PUBLISHABLE_KEY names no Frontend API.' };
  }
  const scheme = host.startsWith('127.0.0.1') ? 'http' : 'https';
  const { CLERK_API_URL, CLERK_TEST_TOTP_SECRET, CLERK_TEST_TEMPLATE } = environment;
  return {
    ok: true,
    target: {
      kind: CLERK_TEST_TOTP_SECRET ? 'totp' : 'password',
      frontendUrl: `${scheme}://${host.slice(0, -1)}`,
      backendUrl: CLERK_API_URL || 'https://api.clerk.com',
      secretKey: CLERK_SECRET_KEY,
      identifier: CLERK_TEST_IDENTIFIER,
      password: CLERK_TEST_PASSWORD,
      ...(CLERK_TEST_TOTP_SECRET ? { totpSecret: CLERK_TEST_TOTP_SECRET } : {}),
      ...(CLERK_TEST_TEMPLATE ? { template: CLERK_TEST_TEMPLATE } : {}),
    },
  };
}

function write(text: string): void {
  process.stdout.write(text);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
