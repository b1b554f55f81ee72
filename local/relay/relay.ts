// Runs the relay on bare workerd: the same worker as on Cloudflare, Durable Objects as SQLite files below
// one state folder, bound to loopback. Killed at any moment, it starts again on the same state.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { isFree, ownerOfPort } from '../ports.ts';
import { workerdConfig } from './workerd-config.ts';
import type { ReceiverNetwork } from './workerd-config.ts';

export interface RelayOptions {
  readonly port: number;
  /** Created when missing; holds the objects, workerd's configuration (with secrets, mode 600) and its log. */
  readonly stateDir: string;
  /** The bundled worker, `dist/relay/worker.js`. */
  readonly workerFile: string;
  /** Values of relay/config.ts, as text. */
  readonly bindings: Readonly<Record<string, string>>;
  readonly receivers?: ReceiverNetwork;
  readonly v8Flags?: readonly string[];
  /** Each line that workerd writes; they also go to `workerd.log` in the state folder. */
  readonly log?: (line: string) => void;
}

export interface RunningRelay {
  readonly url: string;
  readonly pid: number;
  /** Send a signal and wait until the process is gone. `SIGKILL` is what a crash looks like. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** End it in order. Safe to call twice. */
  stop(): Promise<void>;
}

export type RelayStartFailure =
  | 'port_taken'
  | 'worker_missing'
  | 'workerd_ended'
  | 'not_serving'
  | 'not_answering';

/** Why the relay did not start; `message` names what to do. */
export class RelayStartError extends Error {
  readonly code: RelayStartFailure;

  constructor(code: RelayStartFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'RelayStartError';
    this.code = code;
  }
}

const START_TIMEOUT_MS = 20_000;
const LOOK_MS = 30;
const STOP_TIMEOUT_MS = 3000;
const LINES_KEPT = 20;

/** Start workerd and wait until it answers. Throws RelayStartError. */
export async function startRelay(options: RelayOptions): Promise<RunningRelay> {
  const { port, stateDir } = options;
  await checkPort(port);
  const objectsDir = join(stateDir, 'objects');
  const recordingsDir = join(stateDir, 'recordings');
  for (const dir of [objectsDir, recordingsDir]) await mkdir(dir, { recursive: true, mode: 0o700 });
  // A copy: a build beside a running relay must not change what it serves after a restart of workerd.
  await copyFile(options.workerFile, join(stateDir, 'worker.js')).catch((error: unknown) => {
    throw new RelayStartError(
      'worker_missing',
      `The bundled worker ${options.workerFile} cannot be read. Build it: npm run build.`,
      error,
    );
  });
  const configFile = join(stateDir, 'workerd.capnp');
  const { bindings, receivers, v8Flags } = options;
  const config = workerdConfig({
    port,
    objectsDir,
    recordingsDir,
    bindings,
    ...(receivers === undefined ? {} : { receivers }),
    ...(v8Flags === undefined ? {} : { v8Flags }),
  });
  await writeFile(configFile, config, { mode: 0o600 });

  const child = spawn(workerdBinary(), ['serve', configFile], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines = followLog(child, join(stateDir, 'workerd.log'), options.log);
  const url = `http://127.0.0.1:${port}`;
  try {
    await answers(url, child, lines);
  } catch (error) {
    await end(child, 'SIGKILL');
    throw error;
  }
  const { pid } = child;
  if (pid === undefined) throw new Error('A running process without a process id.');
  return {
    url,
    pid,
    kill: (signal) => end(child, signal),
    stop: () => end(child, 'SIGTERM'),
  };
}

async function checkPort(port: number): Promise<void> {
  if (await isFree(port)) return;
  const owner = (await ownerOfPort(port)) ?? 'another program';
  throw new RelayStartError(
    'port_taken',
    `Port ${port} is taken by ${owner}. Stop it or choose another port.`,
  );
}

export function workerdBinary(): string {
  const loaded: unknown = createRequire(import.meta.url)('workerd');
  if (
    typeof loaded === 'object' &&
    loaded !== null &&
    'default' in loaded &&
    typeof loaded.default === 'string'
  ) {
    return loaded.default;
  }
  throw new Error('The workerd package does not name its program. Run npm install.');
}

/** The last lines of the program's log, kept up to date. */
function followLog(child: ChildProcess, logFile: string, log: RelayOptions['log']): readonly string[] {
  const lines: string[] = [];
  const file = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > LINES_KEPT) lines.shift();
      file.write(`${line}\n`);
      log?.(line);
    });
  }
  child.once('close', () => file.end());
  return lines;
}

async function answers(url: string, child: ChildProcess, lines: readonly string[]): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new RelayStartError('workerd_ended', `workerd ended while starting: ${lines.join('\n')}`);
    }
    // Null: not listening yet.
    const response = await fetch(`${url}/healthz`).catch(() => null);
    if (response?.ok === true) return;
    if (response !== null) {
      await response.text();
      // What it printed comes by another way than its answer, and may be later.
      for (let look = 0; look < 20 && lines.length === 0; look += 1) await delay(LOOK_MS);
      throw new RelayStartError(
        'not_serving',
        `The relay cannot serve: ${lines.at(-1) ?? 'it does not say why'}`,
      );
    }
    await delay(LOOK_MS);
  }
  throw new RelayStartError(
    'not_answering',
    `The relay does not answer on ${url}/healthz. ${lines.join('\n')}`,
  );
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await gone;
  clearTimeout(timer);
}
