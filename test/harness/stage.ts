import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareConsole } from '../../build/prepare-console.ts';
import { ConsoleApp } from './console-app.ts';
import { startTestSystem } from './test-system.ts';
import type { TestSystem, TestSystemOptions } from './test-system.ts';

/** A whole system and the real console on it. */
export interface Stage {
  readonly system: TestSystem;
  readonly console: ConsoleApp;
  readonly dispose: () => Promise<void>;
}

export async function openStage(options: TestSystemOptions): Promise<Stage> {
  const log = options.log ?? (() => {});
  const executable = await consoleExecutable(log);
  const system = await startTestSystem(options);
  const userDataDir = await mkdtemp(join(tmpdir(), 'caisey-console-'));
  const removeUserData = () => rmSync(userDataDir, { recursive: true, force: true });
  process.once('exit', removeUserData);
  const dispose = async () => {
    await system.dispose();
    removeUserData();
    process.off('exit', removeUserData);
  };
  try {
    const configFile = system.consoleConfigFile;
    const console = await ConsoleApp.launch({ executable, configFile, userDataDir, onOutput: log });
    return {
      system,
      console,
      dispose: async () => {
        await console.dispose();
        await dispose();
      },
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** The console as built from this checkout, on this machine's Electron. */
export async function consoleExecutable(log: (line: string) => void = () => {}): Promise<string> {
  const prepared = await prepareConsole({ log });
  if (!prepared.ok) throw new Error(`${prepared.code}: ${prepared.message}\n${prepared.next}`);
  return prepared.executable;
}
