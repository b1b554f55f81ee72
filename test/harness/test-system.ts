import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../../build/bundle.ts';
import { repositoryRoot } from '../../build/repository-root.ts';
import { startSystem } from '../../local/system.ts';
import type { RunningSystem } from '../../local/system.ts';
import type { ReceiverNetwork } from '../../local/relay/workerd-config.ts';

export interface TestSystem extends RunningSystem {
  readonly stateDir: string;
  /** Stops everything and removes what it kept. */
  readonly dispose: () => Promise<void>;
}

export interface TestSystemOptions {
  readonly preferredPort: number;
  readonly relayBindings?: Readonly<Record<string, string>>;
  readonly receivers?: ReceiverNetwork;
  readonly log?: (line: string) => void;
}

/** A whole system of its own in a temporary folder: real identity server, workerd, agents, shells. */
export async function startTestSystem(options: TestSystemOptions): Promise<TestSystem> {
  const log = options.log ?? (() => {});
  const failure = await build({ development: true, only: ['relay', 'agent'], log });
  if (failure !== undefined) throw new Error(`${failure.code}: ${failure.message}`);
  const stateDir = await mkdtemp(join(tmpdir(), 'caisey-test-'));
  const removeState = () => rmSync(stateDir, { recursive: true, force: true });
  process.once('exit', removeState);
  const forget = () => {
    removeState();
    process.off('exit', removeState);
  };
  const system = await startSystem({
    stateDir,
    workerFile: join(repositoryRoot, 'dist/relay/worker.js'),
    agentModule: join(repositoryRoot, 'dist/agent/agent.js'),
    preferredPort: options.preferredPort,
    log,
    relayBindings: options.relayBindings ?? {},
    ...(options.receivers === undefined ? {} : { receivers: options.receivers }),
  }).catch((error: unknown) => {
    forget();
    throw error;
  });
  const dispose = async () => {
    await system.stop();
    forget();
  };
  return { ...system, stateDir, dispose };
}
