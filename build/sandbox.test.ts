import { spawn, type ChildProcess } from 'node:child_process';
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, it } from 'vitest';
import { withDisplay } from './display.ts';
import { installApp } from './electron/install-app.ts';
import { resolveElectron } from './electron/runtime.ts';
import { asOrdinaryUser, ordinaryUser } from './ordinary-user.ts';

/** On a new machine the test is the first to ask for an Electron. */
const FIRST_DOWNLOAD_LIMIT_MS = 300_000;

const onLinux = process.platform === 'linux';
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A window on a blank page; prints the renderer's process id once it is up. */
const application = `
import { app, BrowserWindow } from 'electron';
app.whenReady().then(async () => {
  const window = new BrowserWindow({ webPreferences: { sandbox: true } });
  await window.loadURL('data:text/html,up');
  console.log('renderer ' + window.webContents.getOSProcessId());
});
`;

async function status(pid: number, field: string): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return (new RegExp(`^${field}:\\s+(.*)$`, 'm').exec(text)?.[1] ?? '').split(/\s+/);
}

async function rendererPid(electron: ChildProcess): Promise<number> {
  if (electron.stdout === null) throw new Error('no output to read');
  for await (const line of createInterface(electron.stdout)) {
    const pid = /^renderer (\d+)$/.exec(line)?.[1];
    if (pid !== undefined) return Number(pid);
  }
  throw new Error('Electron ended before its window was up');
}

it.runIf(onLinux)(
  'runs a real Electron as an ordinary user with the sandbox on',
  async () => {
    const user = await ordinaryUser(process.env);
    if (user?.ok === false) throw new Error(user.message);
    const runtime = await resolveElectron({ log: () => undefined });
    if (!runtime.ok) throw new Error(runtime.message);

    const place = await mkdtemp('/var/tmp/caisey-sandbox-');
    cleanups.push(() => rm(place, { recursive: true, force: true }));
    const home = join(place, 'home');
    const source = join(place, 'app');
    await Promise.all([mkdir(home), mkdir(source)]);
    await writeFile(
      join(source, 'package.json'),
      '{"name":"sandbox-proof","type":"module","main":"main.js"}',
    );
    await writeFile(join(source, 'main.js'), application);
    await run('chmod', ['-R', 'a+rX', place]);
    if (user !== undefined) await chown(home, user.uid, user.gid);
    const { executable } = await installApp(runtime, source, join(place, 'runtime'));

    const display = await withDisplay({
      env: {},
      ...(user === undefined ? {} : { user }),
      log: () => undefined,
    });
    if (!display.ok) throw new Error(display.message);
    cleanups.push(display.dispose);
    const { command, args, env } = asOrdinaryUser(user, home, {
      command: executable,
      args: [`--user-data-dir=${join(home, 'data')}`],
      env: { ...process.env, ...display.env },
    });
    const electron = spawn(command, [...args], { env, cwd: home, stdio: ['ignore', 'pipe', 'ignore'] });
    cleanups.push(() => new Promise((resolve) => void electron.once('close', resolve).kill('SIGTERM')));

    const renderer = await rendererPid(electron);
    const browser = electron.pid ?? 0;
    expect(await readFile(`/proc/${browser}/cmdline`, 'utf8')).not.toContain('--no-sandbox');
    expect(await status(browser, 'Uid')).not.toContain('0');
    // Seccomp alone would be 2 without the namespaces as well.
    expect((await status(renderer, 'NSpid')).length).toBeGreaterThanOrEqual(2);
    expect(await status(renderer, 'Seccomp')).toEqual(['2']);
  },
  FIRST_DOWNLOAD_LIMIT_MS,
);

function run(command: string, args: readonly string[]): Promise<unknown> {
  return new Promise((resolve) => void spawn(command, args).once('close', resolve));
}
