// The relay's bindings, parsed once per object or isolate. The only reader of `env` values: everything
// else takes a RelayConfig. A wrong or missing value names its binding and stops the relay from serving.
import { z } from 'zod';
import { RECORDING_MAX_BYTES } from './limits/limits.ts';

/** What workerd or Cloudflare binds to the worker. Values are untrusted until `readConfig`. */
export interface Env {
  readonly WORKSPACE: DurableObjectNamespace;
  readonly TERMINAL_SESSION: DurableObjectNamespace;
  readonly SIGN_IN: DurableObjectNamespace;
  /** On bare workerd: the network that receivers of records are reached by. */
  readonly RECEIVERS?: Fetcher | null;
  /** Where finished recordings go: on Cloudflare a bucket, on bare workerd a disk. */
  readonly RECORDINGS?: R2Bucket | null;
  readonly RECORDINGS_FOLDER?: Fetcher | null;
  readonly [name: string]: unknown;
}

const milliseconds = (defaultMs: number) => z.coerce.number().int().min(10).default(defaultMs);

const Bindings = z
  .object({
    CLERK_ISSUER: z.url(),
    CLERK_SECRET_KEY: z.string().min(1).optional(),
    CLERK_API_URL: z.url().default('https://api.clerk.com'),
    CLERK_JWT_KEY: z.string().includes('BEGIN PUBLIC KEY').optional(),
    CLERK_WEBHOOK_SECRET: z.string().startsWith('whsec_'),
    RELAY_SECRET: z
      .string()
      .regex(/^[A-Za-z0-9_-]{43,}$/, 'at least 32 bytes as base64url (43 characters or more)'),
    FRESH_SIGN_IN_MINUTES: z.coerce.number().int().min(0).max(60).default(2),
    ATTEMPT_TIMEOUT_MS: milliseconds(60_000),
    ENTRY_GRACE_MS: milliseconds(15 * 60_000),
    SESSION_GRACE_MS: milliseconds(24 * 3600_000),
    HANDSHAKE_TIMEOUT_MS: milliseconds(10_000),
    RECORDING_KEPT_MS: milliseconds(15 * 60_000),
    RECORDING_MAX_BYTES: z.coerce
      .number()
      .int()
      .min(1024 ** 2)
      .max(2 * RECORDING_MAX_BYTES)
      .default(RECORDING_MAX_BYTES),
    RATE_LIMIT_SCALE: z.coerce.number().min(0.01).max(1000).default(1),
  })
  .refine((bindings) => bindings.CLERK_SECRET_KEY !== undefined || bindings.CLERK_JWT_KEY !== undefined, {
    path: ['CLERK_SECRET_KEY'],
    message: 'set CLERK_SECRET_KEY, or CLERK_JWT_KEY to verify without network',
  });

export interface RelayConfig {
  readonly clerk: {
    readonly issuer: string;
    readonly secretKey: string | undefined;
    readonly apiUrl: string;
    /** PEM; verifies without network when set. */
    readonly jwtKey: string | undefined;
    readonly webhookSecret: string;
  };
  readonly relaySecret: string;
  readonly freshSignInMinutes: number;
  readonly attemptTimeoutMs: number;
  readonly entryGraceMs: number;
  /** The longest that a policy can allow. */
  readonly sessionGraceMs: number;
  /** A socket that has not said what it is here for by then is closed with `handshake_late`. */
  readonly handshakeTimeoutMs: number;
  /**
   * A finished recording stays in its object for this long beside its copy: consoles come back for the last output, and
   * a machine's disk has written what it was given.
   */
  readonly recordingKeptMs: number;
  /** A session whose recording reaches it is ended. */
  readonly recordingMaxBytes: number;
  /** Multiplies the rates of relay/limits. */
  readonly rateLimitScale: number;
}

/** Parse bindings. Throws an Error that names every wrong binding, and never a value. */
export function readConfig(env: Env): RelayConfig {
  // workerd binds null for a variable of its environment that is not set.
  const set = Object.entries(env).filter(([, value]) => value !== null && value !== '');
  const parsed = Bindings.safeParse(Object.fromEntries(set));
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The relay's bindings are not usable. ${faults.join('; ')}`);
  }
  const bindings = parsed.data;
  return {
    clerk: {
      issuer: bindings.CLERK_ISSUER,
      secretKey: bindings.CLERK_SECRET_KEY,
      apiUrl: bindings.CLERK_API_URL,
      jwtKey: bindings.CLERK_JWT_KEY,
      webhookSecret: bindings.CLERK_WEBHOOK_SECRET,
    },
    relaySecret: bindings.RELAY_SECRET,
    freshSignInMinutes: bindings.FRESH_SIGN_IN_MINUTES,
    attemptTimeoutMs: bindings.ATTEMPT_TIMEOUT_MS,
    entryGraceMs: bindings.ENTRY_GRACE_MS,
    sessionGraceMs: bindings.SESSION_GRACE_MS,
    handshakeTimeoutMs: bindings.HANDSHAKE_TIMEOUT_MS,
    recordingKeptMs: bindings.RECORDING_KEPT_MS,
    recordingMaxBytes: bindings.RECORDING_MAX_BYTES,
    rateLimitScale: bindings.RATE_LIMIT_SCALE,
  };
}
