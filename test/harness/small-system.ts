import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { OrgId } from '#protocol/ids.ts';
import type { MachineId } from '#protocol/ids.ts';
import { build } from '../../build/bundle.ts';
import { repositoryRoot } from '../../build/repository-root.ts';
import { readSeed } from '../../local/identity/seed.ts';
import { signIn } from '../../local/identity/sign-in.ts';
import { demoSeedFile, startIdentity } from '../../local/identity/start-identity.ts';
import { choosePort } from '../../local/ports.ts';
import { startRelay } from '../../local/relay/relay.ts';
import type { RunningRelay } from '../../local/relay/relay.ts';
import { people } from './people.ts';
import type { TestPerson } from './people.ts';
import { waitFor } from './wait-for.ts';
import { WorkspacePeer } from './workspace-peer.ts';

export interface SmallSystemOptions {
  readonly preferredPort: number;
  /** People and organizations; the workspace is the first one's. The demo's unless told. */
  readonly seedFile?: string;
  readonly relayBindings?: Readonly<Record<string, string>>;
  /** False: the identity server never tells the relay of anything. */
  readonly webhooks?: boolean;
  /** 60 when left out. */
  readonly tokenLifetimeSeconds?: number;
}

export interface TestMachineOptions {
  /** The home folder's .profile. */
  readonly profile?: string;
  /** Other files of the home folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** Bash by default. */
  readonly shell?: string;
  /** How the agent reaches the relay (see flaky-line.ts); the relay itself by default. */
  readonly lineUrl?: string;
}

/** A machine with an agent of its own, enrolled in the workspace. */
export interface TestMachine {
  readonly machineId: MachineId;
  readonly home: string;
  /** Events of the agent's log since its last start. */
  readonly events: readonly AgentEvent[];
  readonly pid: number;
  /** As a power cut. */
  kill(): Promise<void>;
  /** In order. */
  stop(): Promise<void>;
  /** Starts the agent again on the same state, and waits until the relay welcomed it. */
  restart(): Promise<void>;
}

export type AgentEvent = Readonly<Record<string, unknown>> & { readonly event: string };

/** Identity server, workerd and agents for one workspace: each can be killed and started again. */
export interface SmallSystem {
  readonly orgId: OrgId;
  readonly relayUrl: string;
  readonly identityUrl: string;
  /** Of workerd, as it runs now. */
  readonly relayPid: number;
  /** Of the identity server's Backend API. */
  readonly identitySecretKey: string;
  readonly publishableKey: string;
  /** All that relay, agents and identity server write. */
  readonly stateDir: string;
  enter(person: TestPerson): Promise<WorkspacePeer>;
  addMachine(name: string, options?: TestMachineOptions): Promise<TestMachine>;
  /** `kill -9`, as a crash. */
  killRelay(): Promise<void>;
  startRelayAgain(): Promise<void>;
  dispose(): Promise<void>;
}

export async function startSmallSystem(options: SmallSystemOptions): Promise<SmallSystem> {
  const failure = await build({ development: true, only: ['relay', 'agent'], log: () => {} });
  if (failure !== undefined) throw new Error(`${failure.code}: ${failure.message}`);
  const stateDir = await mkdtemp(join(tmpdir(), 'caisey-small-'));
  const { port: relayPort } = await choosePort(options.preferredPort, 'relay');
  const webhookSecret = `whsec_${randomBytes(24).toString('base64')}`;
  const identity = await startIdentity({
    port: 0,
    stateDir: join(stateDir, 'identity'),
    seedFile: options.seedFile ?? demoSeedFile,
    ...(options.webhooks === false
      ? {}
      : { webhook: { url: `http://127.0.0.1:${relayPort}/v1/webhooks/clerk`, secret: webhookSecret } }),
    ...(options.tokenLifetimeSeconds === undefined
      ? {}
      : { tokenLifetimeSeconds: options.tokenLifetimeSeconds }),
  });
  const relaySecret = randomBytes(32).toString('base64url');
  const launchRelay = (): Promise<RunningRelay> =>
    startRelay({
      port: relayPort,
      stateDir: join(stateDir, 'relay'),
      workerFile: join(repositoryRoot, 'dist/relay/worker.js'),
      bindings: {
        CLERK_ISSUER: identity.url,
        CLERK_API_URL: identity.url,
        CLERK_SECRET_KEY: identity.secretKey,
        CLERK_WEBHOOK_SECRET: webhookSecret,
        RELAY_SECRET: relaySecret,
        ...options.relayBindings,
      },
    });
  let relay = await launchRelay();
  const relayUrl = relay.url;
  const orgId = firstOrganization(options.seedFile ?? demoSeedFile);
  const peers: WorkspacePeer[] = [];
  const machines: TestMachine[] = [];

  const enter = async (person: TestPerson): Promise<WorkspacePeer> => {
    const session = await signIn({ url: identity.url, ...person, organizationId: orgId });
    const peer = await WorkspacePeer.connect({ relayUrl, getToken: () => session.getToken() });
    peers.push(peer);
    return peer;
  };
  return {
    orgId,
    relayUrl,
    identityUrl: identity.url,
    get relayPid() {
      return relay.pid;
    },
    identitySecretKey: identity.secretKey,
    publishableKey: identity.publishableKey,
    stateDir,
    enter,
    async addMachine(
      name,
      { profile = "PS1='$ '\n", files = {}, shell = '/bin/bash', lineUrl = relayUrl } = {},
    ) {
      const admin = await enter(people.admin);
      const { code } = await admin.call('enrollment.create', { machineName: name });
      const folder = join(stateDir, 'machines', name);
      const machine = await startMachine(
        folder,
        name,
        { '.profile': profile, ...files },
        shell,
        lineUrl,
        code,
      );
      machines.push(machine);
      await admin.leave('closed');
      return machine;
    },
    killRelay: () => relay.kill('SIGKILL'),
    async startRelayAgain() {
      relay = await launchRelay();
    },
    async dispose() {
      for (const peer of peers) peer.dispose();
      for (const machine of machines) await machine.stop();
      await relay.stop();
      await identity.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

function firstOrganization(seedFile: string): OrgId {
  const seed = readSeed(seedFile);
  if (!seed.ok) throw new Error(seed.reason);
  return OrgId.parse(seed.seed.organizations[0]?.id);
}

async function startMachine(
  folder: string,
  name: string,
  files: Readonly<Record<string, string>>,
  shell: string,
  relayUrl: string,
  code: string,
): Promise<TestMachine> {
  const home = join(folder, 'home');
  await mkdir(home, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  }
  let child: ChildProcess | null = null;
  let events: AgentEvent[] = [];
  const launch = async (enrolling: Readonly<Record<string, string>>): Promise<void> => {
    const own: AgentEvent[] = [];
    events = own;
    const args = [join(repositoryRoot, 'dist/agent/agent.js'), '--relay', relayUrl];
    args.push('--state', join(folder, 'state'), '--home', home, '--hostname', name, '--shell', shell);
    const started = spawn(process.execPath, args, {
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, LANG: 'C.UTF-8', ...enrolling },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    const words: string[] = [];
    createInterface({ input: started.stderr }).on('line', (line) => words.push(line));
    createInterface({ input: started.stdout }).on('line', (line) => {
      const parsed: AgentEvent = JSON.parse(line);
      own.push(parsed);
    });
    await waitFor(`the agent of ${name}`, () => {
      if (started.exitCode !== null) throw new Error(`agent ended: ${words.join(' ')}`);
      return own.some(({ event }) => event === 'connected');
    });
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };
  await launch({ CAISEY_ENROLL_CODE: code });
  const machineId = events.find(({ event }) => event === 'enrolled')?.['machineId'];
  return {
    // Parsed by the agent; a wrong one would not be found.
    machineId: machineId as MachineId,
    home,
    get events() {
      return events;
    },
    get pid() {
      return child?.pid ?? 0;
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    restart: () => launch({}),
  };
}
