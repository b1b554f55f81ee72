// The whole system on one machine, without an account: identity server, relay, demo machines with real shells.
// `npm start` and the tests both run this; production runs the same relay, agent and console elsewhere.
// Everything it keeps lies under one state folder, and everything it started ends with `stop`.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readDemoPlan } from './demo/demo-plan.ts';
import type { RunningMachine } from './demo/demo-machine.ts';
import { setUpWorkspace } from './demo/set-up-workspace.ts';
import type { SystemWorkspace } from './demo/set-up-workspace.ts';
import { demoSeedFile, startIdentity } from './identity/start-identity.ts';
import type { IdentityOptions, RunningIdentity } from './identity/start-identity.ts';
import { readSeed } from './identity/seed.ts';
import { choosePort } from './ports.ts';
import { startRelay } from './relay/relay.ts';
import type { RelayOptions } from './relay/relay.ts';
import type { ReceiverNetwork } from './relay/workerd-config.ts';

export interface SystemOptions {
  readonly stateDir: string;
  readonly workerFile: string;
  readonly agentModule: string;
  readonly preferredPort: number;
  /** One line for people on each step. */
  readonly log: (line: string) => void;
  /** Relay bindings that a test needs otherwise (times are milliseconds as text). */
  readonly relayBindings?: Readonly<Record<string, string>>;
  /** What the relay may send records to, where that is not the public internet. */
  readonly receivers?: ReceiverNetwork;
  /** Hands the end of a sign-in in the browser to the console, where the desktop does not know it. */
  readonly sendBack?: (address: string) => void;
  /** Aborted while starting: what was started is stopped, and the start rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface RunningSystem {
  readonly identity: RunningIdentity;
  readonly relayUrl: string;
  readonly machines: readonly RunningMachine[];
  readonly workspaces: readonly SystemWorkspace[];
  /**
   * Takes one part away at once, the relay as by `kill -9`.
   * @returns what brings it back on the same state and port; resolves when it answers
   */
  readonly outage: (part: 'relay' | 'identity') => Promise<() => Promise<void>>;
  /** What a console needs: `--config=<file>`. */
  readonly consoleConfigFile: string;
  /** Ends everything, machines first. Safe to call twice. */
  readonly stop: () => Promise<void>;
}

interface StartedPart {
  readonly stop: () => Promise<void>;
  /** At once and without waiting, as the process ends. */
  readonly end: () => void;
}

const Secrets = z.object({ relay: z.string(), webhook: z.string() });
type Secrets = z.infer<typeof Secrets>;

/** Start everything and wait until every machine is reachable. What was started ends again when a step fails. */
export async function startSystem(options: SystemOptions): Promise<RunningSystem> {
  const { stateDir, log } = options;
  const started: StartedPart[] = [];
  // However this process ends, no program of the system outlives it.
  const endAll = () => {
    for (const { end } of started) end();
  };
  process.on('exit', endAll);
  const stopAll = async () => {
    // What has not ended stays in the list: this process may end before it.
    for (let part = started.at(-1); part !== undefined; part = started.at(-1)) {
      await part.stop();
      started.pop();
    }
    process.off('exit', endAll);
  };
  let stopping: Promise<void> | null = null;
  const stop = () => (stopping ??= stopAll());
  try {
    await mkdir(stateDir, { recursive: true, mode: 0o700 });
    const secrets = await readSecrets(join(stateDir, 'secrets.json'));
    const relayPort = await choosePort(options.preferredPort, 'relay');
    const identityPort = await choosePort(options.preferredPort + 1, 'identity server');
    for (const { moved } of [relayPort, identityPort]) if (moved !== null) log(moved);

    const identityOptions: IdentityOptions = {
      port: identityPort.port,
      stateDir: join(stateDir, 'identity'),
      webhook: { url: `http://127.0.0.1:${relayPort.port}/v1/webhooks/clerk`, secret: secrets.webhook },
      log: (entry) => {
        if ('subject' in entry) log(`E-mail to ${entry.to}: ${entry.subject}`);
      },
      ...(options.sendBack === undefined ? {} : { sendBack: options.sendBack }),
    };
    let identity = await startIdentity(identityOptions);
    started.push({ stop: () => identity.close(), end: () => {} });
    log(`Identity server on ${identity.url}`);

    const relayOptions: RelayOptions = {
      port: relayPort.port,
      stateDir: join(stateDir, 'relay'),
      workerFile: options.workerFile,
      bindings: {
        CLERK_ISSUER: identity.url,
        CLERK_API_URL: identity.url,
        CLERK_SECRET_KEY: identity.secretKey,
        CLERK_WEBHOOK_SECRET: secrets.webhook,
        RELAY_SECRET: secrets.relay,
        ...options.relayBindings,
      },
      ...(options.receivers === undefined ? {} : { receivers: options.receivers }),
    };
    let relay = await startRelay(relayOptions);
    started.push({ stop: () => relay.stop(), end: () => void relay.kill('SIGKILL') });
    const outage = async (part: 'relay' | 'identity') => {
      await (part === 'relay' ? relay.kill('SIGKILL') : identity.close());
      return async () => {
        if (part === 'relay') relay = await startRelay(relayOptions);
        else identity = await startIdentity(identityOptions);
      };
    };
    log(`Relay on ${relay.url}`);

    const machines: RunningMachine[] = [];
    const workspaces: SystemWorkspace[] = [];
    const seed = readSeed(demoSeedFile);
    if (!seed.ok) throw new Error(seed.reason);
    for (const plan of readDemoPlan()) {
      options.signal?.throwIfAborted();
      const workspace = await setUpWorkspace({
        plan,
        seed: seed.seed,
        identityUrl: identity.url,
        relayUrl: relay.url,
        folder: join(stateDir, 'machines'),
        agentModule: options.agentModule,
        onStarted: (machine) => {
          machines.push(machine);
          started.push({ stop: machine.stop, end: () => void machine.process.kill() });
        },
      });
      workspaces.push(workspace);
      log(`${plan.frame.name}: ${workspace.machines.map(({ name }) => name).join(', ')}`);
    }

    options.signal?.throwIfAborted();
    const consoleConfigFile = join(stateDir, 'console.json');
    const config = {
      publishableKey: identity.publishableKey,
      relayUrl: relay.url,
      workspaces: workspaces.map(({ orgId, frame }) => ({ orgId, frame })),
    };
    await writeFile(consoleConfigFile, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
    return { identity, relayUrl: relay.url, machines, workspaces, outage, consoleConfigFile, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Made once per state folder: machine credentials of an earlier start stay good. */
async function readSecrets(file: string): Promise<Secrets> {
  try {
    return Secrets.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new Error(`${file} cannot be read; remove it to begin anew`, { cause: error });
  }
  const secrets = {
    relay: randomBytes(32).toString('base64url'),
    webhook: `whsec_${randomBytes(24).toString('base64')}`,
  };
  await writeFile(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}
