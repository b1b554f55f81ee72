import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DemoMachine } from './demo-plan.ts';

/** Folder of one demo machine: `state/` is the agent's, `home/` is where its shells begin. */
export interface MachineFolder {
  readonly state: string;
  readonly home: string;
}

/** Lay out a machine's home as new: the shell's files, a spooler, and a print queue with one job that hangs. */
export async function prepareMachine(folder: string, machine: DemoMachine): Promise<MachineFolder> {
  const state = join(folder, 'state');
  const home = join(folder, 'home');
  const source = (name: string) => new URL(`./home/${name}`, import.meta.url);
  await mkdir(join(home, 'bin'), { recursive: true });
  await mkdir(join(home, 'spool'), { recursive: true });
  await mkdir(state, { recursive: true, mode: 0o700 });
  await copyFile(source('bashrc'), join(home, '.bashrc'));
  await copyFile(source('spoolctl'), join(home, 'bin', 'spoolctl'));
  await chmod(join(home, 'bin', 'spoolctl'), 0o755);
  await writeFile(join(home, '.machine-name'), `${machine.name}\n`);
  await writeFile(join(home, 'spool', '.state'), 'running\n');
  await writeFile(join(home, 'spool', 'invoice-4471.job'), 'queued invoice 4471, 2 pages\n');
  await writeFile(join(home, 'spool', 'xray-0093.job'), 'stuck xray 0093, driver timeout\n');
  return { state, home };
}

export function isEnrolled(folder: MachineFolder): boolean {
  return existsSync(join(folder.state, 'credential.json'));
}

export interface RunningMachine {
  readonly name: string;
  readonly process: ChildProcess;
  /** Ends the agent and waits for it. */
  readonly stop: () => Promise<void>;
}

export interface StartMachineOptions {
  readonly machine: DemoMachine;
  readonly folder: MachineFolder;
  readonly relayUrl: string;
  /** One-time code; null for a machine that is enrolled. */
  readonly enrollmentCode: string | null;
  /** agent/agent.ts, or its bundle. */
  readonly agentModule: string;
}

/**
 * Start a machine's agent in a process of its own.
 * @returns once the relay welcomed it
 * @throws Error with the agent's last words when it ends before that
 */
export async function startMachine(options: StartMachineOptions): Promise<RunningMachine> {
  const { machine, folder, relayUrl, enrollmentCode, agentModule } = options;
  const args = [agentModule, '--relay', relayUrl, '--state', folder.state, '--home', folder.home];
  args.push('--hostname', machine.hostname, '--shell', '/bin/bash');
  // A session's shell sees the machine's own environment, nothing of this process's.
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: folder.home,
    LANG: 'C.UTF-8',
    ...(enrollmentCode === null ? {} : { CAISEY_ENROLL_CODE: enrollmentCode }),
  };
  const child = spawn(process.execPath, args, { env, cwd: folder.home, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lastWords: string[] = [];
  const remember = (line: string) => {
    lastWords.push(line);
    if (lastWords.length > 10) lastWords.shift();
  };

  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', remember);
    createInterface({ input: child.stdout }).on('line', (line) => {
      remember(line);
      if (line.includes('"connected"')) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`agent of ${machine.name} ended with code ${code}:\n${lastWords.join('\n')}`));
    });
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  return { name: machine.name, process: child, stop };
}
