import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { FRAME_COLOURS, FRAME_GLYPHS } from '#protocol/workspace-frame.ts';
import { demoSeedFile } from '../../../local/identity/start-identity.ts';
import { signIn } from '../../e2e/story/keyboard.ts';
import { ConsoleApp } from '../../harness/console-app.ts';
import { people } from '../../harness/people.ts';
import { startSmallSystem } from '../../harness/small-system.ts';
import type { SmallSystem } from '../../harness/small-system.ts';
import { consoleExecutable } from '../../harness/stage.ts';
import type { BenchRun } from '../bench.ts';
import { machineNames, seeded } from '../machine-names.ts';
import { plant } from '../search-relay.ts';
import { PROFILE } from '../terminal/remote-shell.ts';

/** A system with six clients, a machine with shells and 100,000 others at the first, and consoles on it. */
export interface DesktopRig {
  readonly clients: readonly string[];
  readonly machineName: string;
  /** A console that has just been started, on a folder of its own. */
  readonly launch: () => Promise<ConsoleApp>;
  readonly dispose: () => Promise<void>;
}

const CLIENTS = 6;
const MACHINES = 100_000;
const MACHINE = 'BENCH-TERM-01';
const LINE = 'The quick brown fox jumps over the lazy dog, and 0123456789 times over the fence.\n';

export async function startDesktopRig({ log }: BenchRun): Promise<DesktopRig> {
  const folder = await mkdtemp(join(tmpdir(), 'caisey-bench-desktop-'));
  const executable = await consoleExecutable(log);
  const { seedFile, workspaces } = await writeSeed(folder);
  const system = await startSmallSystem({
    preferredPort: 48_960,
    seedFile,
    // One person opens as many sessions within minutes as usually in a day.
    relayBindings: { RATE_LIMIT_SCALE: '20' },
  });
  const flood = LINE.repeat(200_000);
  await system.addMachine(MACHINE, { profile: PROFILE, files: { flood } });
  await plantMachines(system, log);
  const configFile = join(folder, 'console.json');
  const { publishableKey, relayUrl } = system;
  await writeFile(configFile, JSON.stringify({ publishableKey, relayUrl, workspaces }));
  const consoles: ConsoleApp[] = [];
  return {
    clients: workspaces.map(({ frame }) => frame.name),
    machineName: MACHINE,
    launch: async () => {
      const userDataDir = await mkdtemp(join(folder, 'console-'));
      const console = await ConsoleApp.launch({ executable, configFile, userDataDir });
      consoles.push(console);
      return console;
    },
    dispose: async () => {
      for (const console of consoles) await console.dispose();
      await system.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
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
