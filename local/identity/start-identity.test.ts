import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifyToken } from '@clerk/backend';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readIdentityArguments } from './identity-arguments.ts';
import { readSeed } from './seed.ts';
import { signIn } from './sign-in.ts';
import { loadSigningKey } from './signing-key.ts';
import { demoSeedFile, startIdentity } from './start-identity.ts';
import { signToken } from './tokens.ts';

const primary = 'org_2VxBvWYGxPGdCvksnMITjN4MLzP';
const tess = { identifier: 'tess.okafor@nightops.example', password: 'lantern-Quarry-41' };

let dir: string;
const closers: (() => Promise<void>)[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'identity-'));
});

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  rmSync(dir, { recursive: true });
});

async function start(options: Partial<Parameters<typeof startIdentity>[0]> = {}) {
  const identity = await startIdentity({ port: 0, stateDir: join(dir, 'state'), ...options });
  closers.push(identity.close);
  return identity;
}

describe('startIdentity', () => {
  it('binds loopback only', async () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.10', 'localhost.example']) {
      await expect(start({ host })).rejects.toMatchObject({
        code: 'not_loopback',
        message: expect.stringContaining(host),
      });
    }
  });

  it('reports a taken port', async () => {
    const first = await start();
    const port = Number(new URL(first.url).port);
    const second = start({ port, stateDir: join(dir, 'other') });
    await expect(second).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: expect.stringContaining(String(port)),
    });
  });

  it('names file, path and reason of a malformed seed', async () => {
    const seed = JSON.parse(readFileSync(demoSeedFile, 'utf8'));
    const seedFile = join(dir, 'seed.json');
    const refusedWith = async (text: string) => {
      writeFileSync(seedFile, text);
      const problem = await start({ seedFile }).catch((cause: Error) => cause.message);
      return typeof problem === 'string' ? problem.replaceAll(seedFile, 'SEED') : '';
    };
    const changed = (path: (string | number)[], value: unknown) => {
      const copy = structuredClone(seed);
      let at = copy;
      for (const step of path.slice(0, -1)) at = at[step];
      at[path.at(-1) ?? ''] = value;
      return refusedWith(JSON.stringify(copy));
    };
    expect(await refusedWith('{')).toMatch(/SEED: not JSON: /);
    expect(await changed(['organizations', 0, 'id'], 'org_x')).toContain('SEED: organizations.0.id: must be');
    expect(await changed(['users', 1, 'memberships', 0, 'organization'], 'elsewhere')).toContain(
      'SEED: users.1.memberships.0.organization: no organization has the slug "elsewhere"',
    );
    expect(await changed(['users', 0, 'memberships', 1, 'role'], 'org:owner')).toContain(
      'SEED: users.0.memberships.1.role: "org:owner" is not under roles',
    );
    expect(await changed(['users', 2, 'email'], tess.identifier)).toContain('SEED: users.2.email:');
    expect(await changed(['users', 0, 'nickname'], 'T')).toContain('SEED: users.0: ');
    expect(readSeed(join(dir, 'absent.json'))).toMatchObject({ ok: false, code: 'seed_unreadable' });
  });

  it('keeps its keys to its owner and refuses a damaged state', async () => {
    const stateDir = join(dir, 'state');
    const identity = await start();
    for (const file of ['signing-key.json', 'state.json']) {
      expect(statSync(join(stateDir, file)).mode & 0o777).toBe(0o600);
    }
    await identity.close();
    writeFileSync(join(stateDir, 'state.json'), '{"version": 2}');
    await expect(start()).rejects.toMatchObject({
      code: 'state_invalid',
      message: expect.stringContaining('state.json'),
    });
  });

  it('refuses an Origin beside an Authorization, other host names, other modes and a wrong secret key', async () => {
    const identity = await start();
    const { clientToken } = await signIn({ url: identity.url, ...tess, organizationId: primary });
    const codeOf = async (path: string, headers: Record<string, string>) => {
      const answer = await plainGet(`${identity.url}${path}`, headers);
      return [answer.status, answer.body.errors?.[0]?.code];
    };
    const authorization = `Bearer ${clientToken}`;
    const client = '/v1/client?_is_native=1';
    expect(await codeOf(client, { authorization })).toEqual([200, undefined]);
    expect(await codeOf(client, { authorization, origin: 'app://console' })).toEqual([
      400,
      'origin_authorization_headers_conflict',
    ]);
    expect(await codeOf(client, { authorization, host: 'rebound.example' })).toEqual([421, 'host_invalid']);
    expect(await codeOf('/v1/client', { authorization })).toEqual([400, 'native_only']);
    expect(await codeOf('/v1/jwks', { authorization })).toEqual([401, 'clerk_key_invalid']);
    expect(await codeOf('/v1/jwks', { authorization: `Bearer ${identity.secretKey}` })).toEqual([
      200,
      undefined,
    ]);
    expect(await codeOf('/.well-known/jwks.json', {})).toEqual([200, undefined]);
    expect(await codeOf('/v1/client/sessions?_is_native=1', { authorization })).toEqual([
      405,
      'method_not_allowed',
    ]);
    expect(await codeOf('/v1/nothing', {})).toEqual([404, 'resource_not_found']);
  });

  it('lets tests sign what it would never mint', async () => {
    const identity = await start();
    const key = loadSigningKey(join(dir, 'state'));
    const seconds = Math.floor(Date.now() / 1000);
    const claims = {
      sub: 'user_x',
      iss: 'https://elsewhere.example',
      iat: seconds,
      nbf: seconds,
      exp: seconds + 60,
    };
    const forged = signToken(key, claims, { cat: 'cl_B7d4PD222AAA' });
    expect(await verifyToken(forged, { jwtKey: identity.jwtKeyPem })).toMatchObject(claims);
    expect(await verifyToken(forged, { secretKey: identity.secretKey, apiUrl: identity.url })).toBeTruthy();
  });
});

describe('node local/identity/identity.ts', () => {
  it('prints one ready line and stops on SIGTERM', async () => {
    const child = run(['--port', '0', '--state', join(dir, 'state')]);
    const line = await child.firstLine;
    const ready: unknown = JSON.parse(line);
    expect(ready).toEqual({
      ready: true,
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      publishableKey: expect.stringMatching(/^pk_test_/),
      secretKey: expect.stringMatching(/^sk_test_[0-9A-Za-z]{43}$/),
      jwtKeyPem: expect.stringContaining('BEGIN PUBLIC KEY'),
    });
    child.stop('SIGTERM');
    expect((await child.ended).code).toBe(0);
  });

  it('keeps a session it has answered for, even when killed', async () => {
    const stateDir = join(dir, 'state');
    const child = run(['--port', '0', '--state', stateDir]);
    const { url } = z.object({ url: z.string() }).parse(JSON.parse(await child.firstLine));
    const { sessionId } = await signIn({ url, ...tess, organizationId: primary });
    child.stop('SIGKILL');
    await child.ended;
    const again = await start();
    const headers = { authorization: `Bearer ${again.secretKey}` };
    const session = await fetch(`${again.url}/v1/sessions/${sessionId}`, { headers });
    expect(await session.json()).toMatchObject({ status: 'active', last_active_organization_id: primary });
  });

  it('refuses options it does not know or cannot use', () => {
    const state = join(dir, 'state');
    for (const [args, reason] of [
      [['--bogus'], /Unknown option '--bogus'/],
      [['extra'], /Unexpected argument 'extra'/],
      [['--port', '99999', '--state', state], /--port must be/],
      [['--port', '0'], /--state must/],
      [['--port', '0', '--state', state, '--token-seconds', '0'], /--token-seconds must/],
      [['--port', '0', '--state', state, '--webhook-url', 'http://127.0.0.1:1/'], /go together/],
    ] as const) {
      expect(readIdentityArguments([...args])).toEqual({ ok: false, reason: expect.stringMatching(reason) });
    }
  });

  it('exits 2 on wrong usage, and 1 where it cannot start', async () => {
    const exposed = ['--port', '0', '--state', join(dir, 'state'), '--host', '0.0.0.0'];
    const [usage, refused] = await Promise.all([run(['--bogus']).ended, run(exposed).ended]);
    expect([usage.code, usage.errors]).toEqual([2, expect.stringMatching(/Usage:/)]);
    expect([refused.code, refused.errors]).toEqual([1, expect.stringMatching(/loopback only.*not_loopback/)]);
  });
});

function run(args: string[]) {
  const entry = fileURLToPath(new URL('./identity.ts', import.meta.url));
  const child = spawn(process.execPath, [entry, ...args]);
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const firstLine = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('\n')) resolve(output.slice(0, output.indexOf('\n')));
    });
  });
  const ended = new Promise<{ code: number | null; errors: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, errors }));
  });
  return { firstLine, ended, stop: (signal: NodeJS.Signals) => child.kill(signal) };
}

type PlainAnswer = { status: number; body: { errors?: { code: string }[] } };

/** fetch forbids a Host or Origin header of one's own. */
function plainGet(url: string, headers: Record<string, string>): Promise<PlainAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { headers }, (incoming) => {
      let text = '';
      incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: JSON.parse(text) }));
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}
