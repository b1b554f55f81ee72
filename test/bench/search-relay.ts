import { randomBytes, randomFillSync } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp, readdir } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OrgId, ulid } from '#protocol/ids.ts';
import { build } from '../../build/bundle.ts';
import { repositoryRoot } from '../../build/repository-root.ts';
import { readSeed } from '../../local/identity/seed.ts';
import { signIn } from '../../local/identity/sign-in.ts';
import { demoSeedFile, startIdentity } from '../../local/identity/start-identity.ts';
import { choosePort } from '../../local/ports.ts';
import { startRelay } from '../../local/relay/relay.ts';
import { people } from '../harness/people.ts';
import { WorkspacePeer } from '../harness/workspace-peer.ts';

export interface SearchRelay {
  /** An administrator's console in the workspace. */
  readonly peer: WorkspacePeer;
  /** Processor time that workerd has used, in ms: a busy machine does not change it. In steps of 10. */
  readonly cpuMs: () => number;
  readonly stop: () => Promise<void>;
}

/**
 * The production relay on workerd with these machines in one workspace. They are written into the object's SQLite
 * file while workerd is stopped, through the triggers of its own schema: nothing of it is in the worker.
 */
export async function startSearchRelay(names: readonly string[]): Promise<SearchRelay> {
  const failure = await build({ development: false, only: ['relay'], log: () => {} });
  if (failure !== undefined) throw new Error(`${failure.code}: ${failure.message}`);
  const stateDir = await mkdtemp(join(tmpdir(), 'caisey-bench-search-'));
  const removeState = () => rmSync(stateDir, { recursive: true, force: true });
  process.once('exit', removeState);
  const identity = await startIdentity({ port: 0, stateDir: join(stateDir, 'identity') });
  const { port } = await choosePort(47_300, 'relay');
  const launch = () =>
    startRelay({
      port,
      stateDir: join(stateDir, 'relay'),
      workerFile: join(repositoryRoot, 'dist/relay/worker.js'),
      bindings: {
        CLERK_ISSUER: identity.url,
        CLERK_API_URL: identity.url,
        CLERK_SECRET_KEY: identity.secretKey,
        CLERK_WEBHOOK_SECRET: `whsec_${randomBytes(24).toString('base64')}`,
        RELAY_SECRET: randomBytes(32).toString('base64url'),
        // One console asks here what hundreds would.
        RATE_LIMIT_SCALE: '100',
      },
    });
  const seed = readSeed(demoSeedFile);
  if (!seed.ok) throw new Error(seed.reason);
  const organizationId = OrgId.parse(seed.seed.organizations[0]?.id);
  const enter = async (relayUrl: string) => {
    const session = await signIn({ url: identity.url, ...people.admin, organizationId });
    return WorkspacePeer.connect({ relayUrl, getToken: () => session.getToken() });
  };

  const first = await launch();
  // The workspace comes to be, with its schema.
  (await enter(first.url)).dispose();
  await first.stop();
  await plant(join(stateDir, 'relay', 'objects', 'caisey-Workspace'), names);
  const relay = await launch();
  const killNow = () => void relay.kill('SIGKILL');
  process.once('exit', killNow);
  const peer = await enter(relay.url);
  return {
    peer,
    cpuMs: () => cpuMsOf(relay.pid),
    stop: async () => {
      peer.dispose();
      await relay.stop();
      await identity.close();
      removeState();
      process.off('exit', killNow);
      process.off('exit', removeState);
    },
  };
}

/** User and system time of a process: fields 14 and 15 of proc(5)'s stat, in 100ths of a second. */
function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

/**
 * Machines into the SQLite file of the only workspace so far, while its workerd does not run.
 * @param folder of the workspaces' files
 */
export async function plant(folder: string, names: readonly string[]): Promise<void> {
  const [file, ...others] = (await readdir(folder)).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name));
  if (file === undefined || others.length > 0) throw new Error(`One workspace was expected in ${folder}.`);
  const database = new DatabaseSync(join(folder, file));
  const insert = database.prepare(
    `INSERT INTO machines (machine_id, name, hostname, os, os_user, agent_version, public_key, enrolled_at)
     VALUES (?, ?, ?, 'Windows 11 Pro', 'SYSTEM', '0.1.0', ?, ?)`,
  );
  const now = Date.now();
  database.exec('BEGIN');
  for (const name of names) {
    const machineId = `mac_${ulid(now, (bytes) => randomFillSync(bytes))}`;
    const hostname = `${name.toLowerCase().replaceAll(' ', '-')}.corp.example.net`;
    insert.run(machineId, name, hostname, randomBytes(32).toString('base64url'), now);
  }
  database.exec('COMMIT');
  database.close();
}
