// What the tests' workerd binds (vitest.config.ts): the relay's own bindings and a key that signs tokens.
import { env } from 'cloudflare:workers';
import { z } from 'zod';
import { readConfig } from '../config.ts';
import type { Env, RelayConfig } from '../config.ts';

export const testEnv = env as unknown as Env;

/** PKCS 8, PEM; its public half is CLERK_JWT_KEY. */
export function signingKeyPem(): string {
  return z.string().parse(testEnv['TEST_SIGNING_KEY']);
}

export function testConfig(): RelayConfig {
  return readConfig(testEnv);
}
