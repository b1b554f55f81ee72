// Unit and system tests, one project for each runtime they need: Node, a DOM, and workerd with real Durable Objects.
// End-to-end tests with the real Electron run in Playwright (test/e2e/playwright.config.ts).

import { generateKeyPairSync } from 'node:crypto';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

const define = { __DEVELOPMENT__: 'true' };

/** What relay/config.ts asks for, with a key pair of this run: tests sign tokens with TEST_SIGNING_KEY (PKCS 8, PEM). */
function relayBindings(): Record<string, string> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    CLERK_ISSUER: 'https://clerk.test',
    CLERK_JWT_KEY: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    CLERK_WEBHOOK_SECRET: `whsec_${Buffer.from('webhook secret of the tests').toString('base64')}`,
    RECORDING_MAX_BYTES: String(4 * 1024 ** 2),
    RELAY_SECRET: Buffer.from('a relay secret for tests, 32 bytes').toString('base64url'),
    TEST_SIGNING_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

export default defineConfig({
  test: {
    projects: [
      {
        define,
        test: {
          name: 'node',
          include: [
            '{protocol,preload,main,agent,local,build}/**/*.test.ts',
            'test/{system,harness}/**/*.test.ts',
          ],
          environment: 'node',
          // System tests start workerd and agents; two of them at once would compete for this machine.
          maxWorkers: 2,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        define,
        test: {
          name: 'dom',
          include: ['renderer/**/*.test.{ts,tsx}'],
          environment: 'happy-dom',
        },
      },
      {
        define,
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './relay/wrangler.jsonc' },
            miniflare: { bindings: relayBindings() },
          }),
        ],
        test: { name: 'workerd', include: ['relay/**/*.test.ts'] },
      },
    ],
  },
});
