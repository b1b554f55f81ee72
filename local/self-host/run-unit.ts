// Starts what a unit file would start, without systemd: the very ExecStart line, with the variables of its
// EnvironmentFile and nothing else. For checking a release before it goes live, and for the tests.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';

export interface RunningUnit {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 20_000;

/** The value of `key=` in a unit file; throws when it is not there exactly once. */
export function unitValue(unit: string, key: string): string {
  const values = unit.split('\n').filter((line) => line.startsWith(`${key}=`));
  const [only] = values;
  if (only === undefined || values.length > 1) throw new Error(`The unit file has no single ${key}=`);
  return only.slice(key.length + 1);
}

/** systemd's EnvironmentFile, without quoting: `NAME=value` lines and comments. */
export function parseEnvironment(text: string): Record<string, string> {
  const pairs = text.split('\n').flatMap((line) => {
    const found = /^([A-Z_]+)=(.*)$/.exec(line.trim());
    return found === null ? [] : [[found[1] ?? '', found[2] ?? '']];
  });
  return Object.fromEntries(pairs);
}

/** Start it and wait until it serves. Rejects with what it wrote when it does not. */
export async function runUnit(unitFile: string, port: number): Promise<RunningUnit> {
  const unit = await readFile(unitFile, 'utf8');
  const environment = parseEnvironment(await readFile(unitValue(unit, 'EnvironmentFile'), 'utf8'));
  const [program = '', ...args] = unitValue(unit, 'ExecStart').split(' ');
  // What StateDirectory= does.
  const folders = args
    .filter((arg) => arg.startsWith('--directory-path='))
    .map((arg) => arg.split('=')[2] ?? '');
  for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o700 });
  const child = spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => {
      written = (written + part.toString()).slice(-4000);
    });
  }
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const answer = await fetch(`${url}/healthz`).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok === true) break;
    if (answer !== null || hasEnded(child) || Date.now() > deadline) {
      await end(child);
      throw new Error(`The relay does not serve. ${written}`);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  return { url, pid: child.pid ?? 0, stop: () => end(child) };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
