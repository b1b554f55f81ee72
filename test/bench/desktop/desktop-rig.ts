import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import { FRAME_COLOURS, FRAME_GLYPHS } from '#protocol/workspace-frame.ts';
import { installApp } from '../../../build/electron/install-app.ts';
import { resolveElectron } from '../../../build/electron/runtime.ts';
import { packageConsole } from '../../../build/package-console.ts';
import { repositoryRoot } from '../../../build/repository-root.ts';
import { demoSeedFile } from '../../../local/identity/start-identity.ts';
import { signIn } from '../../e2e/story/keyboard.ts';
import { ConsoleApp } from '../../harness/console-app.ts';
import { people } from '../../harness/people.ts';
import { startSmallSystem } from '../../harness/small-system.ts';
import type { SmallSystem } from '../../harness/small-system.ts';
import type { BenchRun } from '../bench.ts';
import { machineNames, seeded } from '../machine-names.ts';
import { plant } from '../search-relay.ts';
import { PROFILE } from '../terminal/remote-shell.ts';
import { PlainProgram } from '../../harness/plain-program.ts';

/** A system with six clients, a machine with shells at the first, and consoles on it. */
export interface DesktopRig {
  readonly clients: readonly string[];
  readonly machineName: string;
  /** Writes 100,000 machines beside that one, once. */
  readonly plantMachines: () => Promise<void>;
  /** A folder for a console's settings and partitions, or for the empty application's. */
  readonly newUserData: () => Promise<string>;
  /** A console with Playwright attached, just started on a folder of its own. */
  readonly launch: () => Promise<ConsoleApp>;
  /** The console as its user starts it. */
  readonly start: (userDataDir: string, args?: readonly string[]) => PlainProgram;
  /** An Electron with nothing in it (`empty-app`), or with the console's libraries alone: the baselines. */
  readonly startEmpty: (userDataDir: string, env?: NodeJS.ProcessEnv) => PlainProgram;
  readonly dispose: () => Promise<void>;
}

const CLIENTS = 6;
const MACHINES = 100_000;
const MACHINE = 'BENCH-TERM-01';
const LINE = 'The quick brown fox jumps over the lazy dog, and 0123456789 times over the fence.\n';

export async function startDesktopRig({ log }: BenchRun): Promise<DesktopRig> {
  const folder = await mkdtemp(join(tmpdir(), 'caisey-bench-desktop-'));
  const packaged = await packageConsole({ installers: false, testBuild: true, log });
  if (!packaged.ok) throw new Error(`${packaged.code}: ${packaged.message}`);
  const { executable } = packaged;
  const emptyExecutable = await installEmpty(folder, log);
  const { seedFile, workspaces } = await writeSeed(folder);
  const system = await startSmallSystem({
    preferredPort: 48_960,
    seedFile,
    // One person opens as many sessions within minutes as usually in a day.
    relayBindings: { RATE_LIMIT_SCALE: '20' },
  });
  const flood = LINE.repeat(200_000);
  await system.addMachine(MACHINE, { profile: PROFILE, files: { flood } });
  const configFile = join(folder, 'console.json');
  const { publishableKey, relayUrl } = system;
  await writeFile(configFile, JSON.stringify({ publishableKey, relayUrl, workspaces }));
  const running: { dispose: () => Promise<void> }[] = [];
  const newUserData = () => mkdtemp(join(folder, 'user-data-'));
  const started = <Program extends { dispose: () => Promise<void> }>(program: Program): Program => {
    running.push(program);
    return program;
  };
  let planted: Promise<void> | null = null;
  return {
    clients: workspaces.map(({ frame }) => frame.name),
    machineName: MACHINE,
    plantMachines: () => (planted ??= plantMachines(system, log)),
    newUserData,
    launch: async () =>
      started(await ConsoleApp.launch({ executable, configFile, userDataDir: await newUserData() })),
    start: (userDataDir, args = []) =>
      started(
        new PlainProgram(executable, [`--user-data-dir=${userDataDir}`, `--config=${configFile}`, ...args]),
      ),
    startEmpty: (userDataDir, env = {}) =>
      started(
        new PlainProgram(
          emptyExecutable,
          [`--user-data-dir=${userDataDir}`, '--remote-debugging-port=0'],
          env,
        ),
      ),
    dispose: async () => {
      for (const program of running) await program.dispose();
      await system.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function installEmpty(folder: string, log: BenchRun['log']): Promise<string> {
  const runtime = await resolveElectron({ log });
  if (!runtime.ok) throw new Error(`${runtime.code}: ${runtime.message}`);
  const app = join(folder, 'empty-app');
  await cp(join(repositoryRoot, 'test/bench/desktop/empty-app'), app, { recursive: true });
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: app,
      emptyOutDir: false,
      lib: {
        entry: join(repositoryRoot, 'test/bench/desktop/bare-libraries.ts'),
        formats: ['iife'],
        name: 'libraries',
        fileName: () => 'libraries.js',
      },
    },
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const { executable } = await installApp(runtime, app, join(folder, 'empty'));
  return executable;
}

/** From the launcher into a client, signed in. */
export async function enter(console: ConsoleApp, client: string): Promise<Page> {
  const launcher = await console.launcher();
  await launcher.keyboard.press('ControlOrMeta+a');
  await launcher.keyboard.type(client);
  await expect(launcher.getByRole('option')).toHaveCount(1);
  await launcher.keyboard.press('Enter');
  const page = await console.workspace(client);
  await signIn(page, people.technician);
  await page.getByRole('combobox', { name: 'Search machines' }).waitFor();
  return page;
}

/** The demo's people, members of six clients. */
async function writeSeed(folder: string) {
  const seed = JSON.parse(await readFile(demoSeedFile, 'utf8')) as {
    organizations: { id: string; name: string; slug: string; image: string }[];
    users: { memberships: { organization: string; role: string }[] }[];
  };
  const first = seed.organizations[0];
  if (first === undefined) throw new Error('seed.json has no organization');
  seed.organizations = Array.from({ length: CLIENTS }, (_, at) =>
    at === 0
      ? first
      : { ...first, id: `org_${'Bench0'.repeat(4)}BN${at}`, name: `Client_${at}`, slug: `client-${at}` },
  );
  for (const user of seed.users) {
    const role = user.memberships[0]?.role;
    user.memberships =
      role === undefined ? [] : seed.organizations.map(({ slug }) => ({ organization: slug, role }));
  }
  const seedFile = join(folder, 'seed.json');
  await writeFile(seedFile, JSON.stringify(seed));
  const workspaces = seed.organizations.map(({ id, name }, at) => ({
    orgId: id,
    frame: {
      colour: FRAME_COLOURS[at] ?? 'teal',
      glyph: FRAME_GLYPHS[at] ?? 'circle',
      code: `C${at}`,
      name,
      emphasis: [0, name.length] as const,
    },
  }));
  return { seedFile, workspaces };
}

async function plantMachines(system: SmallSystem, log: BenchRun['log']): Promise<void> {
  log(`writing ${MACHINES.toLocaleString('en')} machines into the workspace's SQLite file`);
  await system.killRelay();
  const folder = join(system.stateDir, 'relay', 'objects', 'caisey-Workspace');
  await plant(folder, machineNames(MACHINES, seeded(20_260_217)));
  await system.startRelayAgain();
}
