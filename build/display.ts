import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Failure, Log } from './command-line.ts';

const SCREEN = '1600x1000x24';
const START_LIMIT_MS = 15_000;

export interface Display {
  readonly ok: true;
  /** What a program needs in its environment to draw on the display; empty where the system needs nothing. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether the display was started here; nobody sees its windows then. */
  readonly started: boolean;
  readonly dispose: () => Promise<void>;
}

export interface DisplayOptions {
  readonly env: NodeJS.ProcessEnv;
  /** The user whose programs may draw on a display started here, when it is not this process's own. */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly log: Log;
}

/**
 * A display to draw on: the one that DISPLAY names where it answers, else an Xvfb of our own on a free number,
 * 1600×1000, which ends with dispose() or with this process. Fails with `display_missing` where there is no Xvfb
 * and `display_not_started` where it does not come up in 15 s.
 */
export async function withDisplay(options: DisplayOptions): Promise<Display | Failure> {
  const { env, log } = options;
  if (process.platform !== 'linux') return given({});
  const name = env['DISPLAY'];
  if (name !== undefined && name !== '') {
    if (await answers(name)) return given(pick(env, ['DISPLAY', 'XAUTHORITY']));
    log(`The display ${name} does not answer; starting one.`);
  } else if (env['WAYLAND_DISPLAY'] !== undefined && env['XDG_RUNTIME_DIR'] !== undefined) {
    return given(pick(env, ['WAYLAND_DISPLAY', 'XDG_RUNTIME_DIR']));
  }
  return startXvfb(options);
}

function given(env: Readonly<Record<string, string>>): Display {
  return { ok: true, env, started: false, dispose: () => Promise.resolve() };
}

function pick(env: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = env[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}

/** Whether something accepts connections at an X display name such as `:1`, `host:0` or `/private/…/org:0`. */
function answers(name: string): Promise<boolean> {
  const match = /^(.*):(\d+)(?:\.\d+)?$/.exec(name);
  if (match === null) return Promise.resolve(false);
  const [, host = '', number = ''] = match;
  const local = host === '' || host === 'unix';
  const socket = local
    ? connect({ path: `/tmp/.X11-unix/X${number}` })
    : connect({ host, port: 6000 + Number(number) });
  return new Promise((resolve) => {
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2000, () => done(false));
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

async function startXvfb(options: DisplayOptions): Promise<Display | Failure> {
  const folder = await mkdtemp(join(tmpdir(), 'caisey-display-'));
  const authority = join(folder, 'Xauthority');
  // Without a cookie every user of this machine could watch the demo's terminals.
  await writeFile(authority, authorityFile(randomBytes(16)), { mode: 0o600 });
  if (options.user !== undefined) {
    await chmod(folder, 0o711);
    await chown(authority, options.user.uid, options.user.gid);
  }
  if (process.getuid?.() === 0 && !existsSync('/tmp/.X11-unix')) {
    await mkdir('/tmp/.X11-unix');
    await chmod('/tmp/.X11-unix', 0o1777);
  }
  const xvfb = spawnXvfb(authority);
  const dispose = async () => {
    await end(xvfb);
    await rm(folder, { recursive: true, force: true });
  };
  const started = await displayNumber(xvfb);
  if (typeof started === 'string') {
    const display = `:${started}`;
    options.log(`Display ${display} (Xvfb, ${SCREEN})`);
    return { ok: true, env: { DISPLAY: display, XAUTHORITY: authority }, started: true, dispose };
  }
  await dispose();
  return started;
}

function field(data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([data.length >> 8, data.length & 0xff]), data]);
}

/** One entry for every host and display: family FFFF, then address, number, name and data with 16-bit lengths. */
function authorityFile(cookie: Buffer): Buffer {
  const nothing = field(Buffer.alloc(0));
  return Buffer.concat([
    Buffer.from([0xff, 0xff]),
    nothing,
    nothing,
    field(Buffer.from('MIT-MAGIC-COOKIE-1')),
    field(cookie),
  ]);
}

function spawnXvfb(authority: string): ChildProcess {
  const args = ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp', '-auth', authority];
  // setpriv makes it end with us even when we are killed; its own group keeps a terminal's Ctrl+C for us to handle.
  const command = existsSync('/usr/bin/setpriv')
    ? ['/usr/bin/setpriv', '--pdeathsig', 'TERM', 'Xvfb', ...args]
    : ['Xvfb', ...args];
  return spawn(command[0] ?? '', command.slice(1), {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

/** Waits for Xvfb to write its number on descriptor 3, which it does when it accepts connections. */
function displayNumber(xvfb: ChildProcess): Promise<string | Failure> {
  return new Promise((resolve) => {
    let number = '';
    let complaint = '';
    const limit = setTimeout(
      () => resolve(notStarted(`nothing after ${START_LIMIT_MS / 1000} s`)),
      START_LIMIT_MS,
    );
    const settle = (answer: string | Failure) => {
      clearTimeout(limit);
      resolve(answer);
    };
    xvfb.stdio[3]?.on('data', (chunk: Buffer) => {
      number += chunk.toString();
      if (number.endsWith('\n')) settle(number.trim());
    });
    xvfb.stderr?.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-2000);
    });
    xvfb.once('error', (error) => settle(missing(error.message)));
    xvfb.once('exit', (code) => settle(code === 127 ? missing(complaint) : notStarted(complaint)));
  });
}

function missing(detail: string): Failure {
  return {
    ok: false,
    code: 'display_missing',
    message: `There is no display (DISPLAY is not set) and no Xvfb to start one: ${detail.trim()}`,
    next: 'Install Xvfb (Debian: apt-get install xvfb), or run this in a desktop session.',
  };
}

function notStarted(detail: string): Failure {
  return {
    ok: false,
    code: 'display_not_started',
    message: `Xvfb did not start: ${detail.trim()}`,
    next: 'Run `Xvfb :99` by hand to see why, or set DISPLAY to a display that answers.',
  };
}

function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), 3000);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
