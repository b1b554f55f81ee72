import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../build/bundle.ts';
import { repositoryRoot } from '../../build/repository-root.ts';
import { readSeed } from '../../local/identity/seed.ts';
import { signIn } from '../../local/identity/sign-in.ts';
import { demoSeedFile, startIdentity } from '../../local/identity/start-identity.ts';
import type { RunningIdentity } from '../../local/identity/start-identity.ts';
import { choosePort } from '../../local/ports.ts';
import { COMPATIBILITY_DATE, COMPATIBILITY_FLAGS } from '../../local/relay/workerd-config.ts';
import { backUp, restore } from '../../local/self-host/backup.ts';
import { makeRelease } from '../../local/self-host/make-release.ts';
import { runUnit } from '../../local/self-host/run-unit.ts';
import type { RunningUnit } from '../../local/self-host/run-unit.ts';
import { ENVIRONMENT } from '../../local/self-host/service-files.ts';
import { people } from '../harness/people.ts';
import { WorkspacePeer } from '../harness/workspace-peer.ts';
import { LightAgent, newMachineKey, postEnrollment } from '../prove/organizations/light-agent.ts';
import type { Enrolled } from '../prove/organizations/light-agent.ts';

const byText = (a: string, b: string): number => a.localeCompare(b);

let folder: string;
let workerFile: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caisey-deploy-'));
  const failure = await build({
    development: false,
    only: ['relay'],
    outDir: join(folder, 'dist'),
    log: () => {},
  });
  if (failure !== undefined) throw new Error(failure.message);
  workerFile = join(folder, 'dist/relay/worker.js');
}, 60_000);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the relay on Cloudflare', () => {
  it('is the very worker that runs here, by wrangler’s own word', { timeout: 60_000 }, () => {
    const out = join(folder, 'wrangler');
    const wrangler = join(repositoryRoot, 'node_modules/wrangler/bin/wrangler.js');
    const config = join(repositoryRoot, 'relay/wrangler.jsonc');
    const args = [workerFile, '--no-bundle', '--dry-run', '--outdir', out, '--config', config];
    const done = spawnSync(process.execPath, [wrangler, 'deploy', ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: folder, CI: '1', WRANGLER_SEND_METRICS: 'false' },
    });
    expect([done.status, done.stderr]).toEqual([0, expect.any(String)]);
    const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
    expect(sha256(join(out, 'worker.js'))).toBe(sha256(workerFile));
    for (const name of [
      'WORKSPACE (Workspace)',
      'TERMINAL_SESSION (TerminalSession)',
      'SIGN_IN (SignIn)',
      'RECORDINGS (caisey-recordings)',
    ])
      expect(done.stdout).toContain(`env.${name}`);
    const text = readFileSync(config, 'utf8');
    expect(text).toContain(`"compatibility_date": "${COMPATIBILITY_DATE}"`);
    expect(text).toContain(`"compatibility_flags": ${JSON.stringify(COMPATIBILITY_FLAGS)}`);
  });
});

describe('the relay as a service of one’s own', () => {
  let identity: RunningIdentity;
  let port: number;
  let unitFile: string;
  let state: string;
  let unit: RunningUnit | null = null;

  beforeAll(async () => {
    ({ port } = await choosePort(48_760, 'relay'));
    identity = await startIdentity({ port: 0, stateDir: join(folder, 'identity') });
    const prefix = join(folder, 'opt');
    state = join(folder, 'state');
    unitFile = join(prefix, 'caisey-relay.service');
    const envFile = join(folder, 'relay.env');
    await makeRelease({ out: prefix, workerFile, paths: { prefix, state, envFile, port } });
    const settings = {
      CLERK_ISSUER: identity.url,
      CLERK_API_URL: identity.url,
      CLERK_SECRET_KEY: identity.secretKey,
      CLERK_WEBHOOK_SECRET: `whsec_${randomBytes(24).toString('base64')}`,
      RELAY_SECRET: randomBytes(32).toString('base64url'),
    };
    await writeFile(
      envFile,
      Object.entries(settings)
        .map((pair) => pair.join('='))
        .join('\n'),
    );
  });
  afterAll(async () => {
    await unit?.stop();
    await identity?.close();
  });

  const enterAsAdmin = async (): Promise<WorkspacePeer> => {
    const seed = readSeed(demoSeedFile);
    if (!seed.ok) throw new Error(seed.reason);
    const organizationId = seed.seed.organizations[0]?.id ?? '';
    const session = await signIn({ url: identity.url, ...people.admin, organizationId });
    return WorkspacePeer.connect({
      relayUrl: `http://127.0.0.1:${port}`,
      getToken: () => session.getToken(),
    });
  };
  const connectAgent = (enrolled: Enrolled, key: ReturnType<typeof newMachineKey>): Promise<LightAgent> =>
    LightAgent.connect({
      url: `http://127.0.0.1:${port}`,
      enrolled,
      key,
      hostname: 'kept-01',
      onReceived: () => {},
      program: () => ({ availableBytes: () => 0, read: () => new Uint8Array(0), typed: () => {}, facts: [] }),
    });

  it('has a unit file that systemd accepts, and no secret in its release', async () => {
    for (const name of await readdir(join(folder, 'opt'))) {
      if (name === 'workerd') continue;
      expect(readFileSync(join(folder, 'opt', name), 'utf8')).not.toContain(identity.secretKey);
    }
    // Every setting that the relay reads can be set.
    const known = readFileSync(join(repositoryRoot, 'relay/config.ts'), 'utf8').matchAll(
      /^ {4}([A-Z_]+): /gm,
    );
    expect([...ENVIRONMENT].toSorted(byText)).toEqual(
      Array.from(known, ([, name = '']) => name).toSorted(byText),
    );
    const verified = spawnSync('systemd-analyze', ['verify', unitFile], { encoding: 'utf8' });
    // Where there is no systemd, the rest of this file runs what the unit would.
    if (verified.error === undefined) expect([verified.status, verified.stderr]).toEqual([0, '']);
  });

  it(
    'is backed up while it runs, lost, restored: same machines, same record',
    { timeout: 60_000 },
    async () => {
      unit = await runUnit(unitFile, port);
      const before = await enterAsAdmin();
      const { code } = await before.call('enrollment.create', { machineName: 'KEPT-01' });
      const key = newMachineKey();
      const { enrolled } = await postEnrollment(unit.url, code, key, 'kept-01');
      if (enrolled === null) throw new Error('not enrolled');
      const kept = await before.call('audit.list', { afterSeq: 0, limit: 500 });
      expect(kept.lines.length).toBeGreaterThan(1);

      const copy = join(folder, 'backup');
      const { files } = await backUp(state, copy, Date.now());
      expect(files.map(({ path }) => path.split('/')[0])).toContain('caisey-Workspace');
      // What came after the backup is lost, and only that.
      await before.call('enrollment.create', { machineName: 'LATER-01' });
      before.dispose();
      await unit.stop();
      await expect(restore(copy, state)).rejects.toThrow('is not empty');
      await rm(state, { recursive: true });
      await restore(copy, state);

      unit = await runUnit(unitFile, port);
      const after = await enterAsAdmin();
      const found = await after.call('audit.list', { afterSeq: 0, limit: 500 });
      expect(found.lines.slice(0, kept.lines.length)).toEqual(kept.lines);
      expect(found.lines.slice(kept.lines.length).join('\n')).not.toContain('LATER-01');
      const { machines } = await after.call('machine.list', { offset: 0, limit: 10 });
      expect(machines.map(({ machineId, name }) => [machineId, name])).toEqual([
        [enrolled.machineId, 'KEPT-01'],
      ]);
      const agent = await connectAgent(enrolled, key);
      agent.dispose();
      await after.leave('closed');
    },
  );

  it('refuses a backup that was changed, and to back up what is not there', async () => {
    const copy = join(folder, 'backup');
    const file = (await readdir(copy, { recursive: true })).find((path) => path.endsWith('.sqlite'));
    await writeFile(join(copy, file ?? ''), 'not what was backed up');
    const target = join(folder, 'elsewhere');
    await expect(restore(copy, target)).rejects.toThrow('is not what was backed up');
    const none = join(folder, 'no-such-state');
    await expect(backUp(none, join(folder, 'of-nothing'), Date.now())).rejects.toThrow(
      'not the state folder',
    );
    expect(existsSync(target)).toBe(false);
  });
});
