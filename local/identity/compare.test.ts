import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { shapeDifferences } from './shape-difference.ts';
import { startIdentity } from './start-identity.ts';

const jonah = {
  CLERK_TEST_IDENTIFIER: 'jonah.reyes@nightops.example',
  CLERK_TEST_PASSWORD: 'granite-Willow-57',
  CLERK_TEST_TOTP_SECRET: 'IFVU2GMVYAXPBZQGLKOZ4S6ZHW3W6WQ6',
};

describe('npm run identity:compare', () => {
  it('says that no real instance was compared, and that the local server answers as recorded', async () => {
    const { code, output } = await compare([], {});
    expect([code, output]).toEqual([0, expect.stringMatching(/No real Clerk instance was compared/)]);
    expect(output).toContain('set CLERK_PUBLISHABLE_KEY, CLERK_SECRET_KEY, CLERK_TEST_IDENTIFIER,');
    expect(output.match(/0 missing or of another type, 0 more than recorded/g)).toHaveLength(5);
    expect(output).not.toMatch(/different|skipped/);
    for (const step of ['code by e-mail, typed', 'new device, code typed', 'while the browser is open'])
      expect(output).toContain(step);
  });

  it('plays on the instance whose keys are given', async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'identity-'));
    const identity = await startIdentity({ port: 0, stateDir });
    const { code, output } = await compare([], {
      CLERK_PUBLISHABLE_KEY: identity.publishableKey,
      CLERK_SECRET_KEY: identity.secretKey,
      CLERK_API_URL: identity.url,
      ...jonah,
    });
    await identity.close();
    rmSync(stateDir, { recursive: true });
    const real = output.slice(output.indexOf(`Clerk at ${identity.url}`));
    expect([code, real]).toEqual([0, expect.stringMatching(/same {7}reverification, TOTP/)]);
    expect(real).toMatch(/skipped {4}token of a template: no template is known/);
    expect(real).not.toContain('No real Clerk instance');
  });

  it('prints what an instance answers differently', async () => {
    const server = createServer((_request, response) => response.end('{"response": 7, "object": "odd"}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const authority = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    const { code, output } = await compare([], {
      CLERK_PUBLISHABLE_KEY: `pk_test_${Buffer.from(`${authority}$`).toString('base64')}`,
      CLERK_SECRET_KEY: 'sk_test_x',
      CLERK_API_URL: `http://${authority}`,
      ...jonah,
    });
    server.close();
    expect(code).toBe(1);
    expect(output).toContain('type    object: recorded as =environment, here "odd"');
    expect(output).toContain('missing auth_config: recorded as an object');
    expect(output).toContain('extra   object: here string');
    expect(output).toContain('type    (status): recorded as 422, here 200');
    expect(output).toContain('skipped    touch, choosing an organization: no session is known');
  });

  it('exits 2 on options it does not know and on keys that are incomplete or not of development', async () => {
    const cases: [string[], Record<string, string>, RegExp][] = [
      [['--bogus'], {}, /Unknown option '--bogus'/],
      [['https://example.com'], {}, /Unexpected argument/],
      [[], { CLERK_SECRET_KEY: 'sk_test_x', ...jonah }, /Not set: CLERK_PUBLISHABLE_KEY\./],
      [[], { CLERK_PUBLISHABLE_KEY: 'pk_live_x', CLERK_SECRET_KEY: 'sk_live_x', ...jonah }, /development/],
    ];
    const outcomes = await Promise.all(cases.map(([args, environment]) => compare(args, environment)));
    for (const [index, { code, output }] of outcomes.entries()) {
      expect([code, output]).toEqual([2, expect.stringMatching(cases[index]?.[2] ?? '')]);
    }
  });
});

describe('shapeDifferences', () => {
  it('looks into lists, alternatives and tokens', () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const named = {
      item: { id: 'string' },
      token: { header: { alg: '=RS256' }, claims: { v: 'number', o: '$item or null' } },
    };
    const shape = { list: ['$item or number'] as [string], jwt: 'jwt:token' };
    const value = {
      list: [{ id: 'a' }, 3, { id: 4 }, true],
      jwt: `${part({ alg: 'none' })}.${part({ v: '2' })}.x`,
    };
    expect(shapeDifferences(shape, value, named)).toEqual([
      { kind: 'type', path: 'list[2].id', detail: 'recorded as string, here number' },
      { kind: 'type', path: 'list[3]', detail: 'recorded as $item or number, here boolean' },
      { kind: 'type', path: 'jwt.(token).header.alg', detail: 'recorded as =RS256, here "none"' },
      { kind: 'type', path: 'jwt.(token).claims.v', detail: 'recorded as number, here string' },
      { kind: 'missing', path: 'jwt.(token).claims.o', detail: 'recorded as $item or null' },
    ]);
  });
});

function compare(
  args: string[],
  environment: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const entry = fileURLToPath(new URL('./compare.ts', import.meta.url));
  const child = spawn(process.execPath, [entry, ...args], {
    env: { PATH: process.env.PATH, ...environment },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, output }));
  });
}
