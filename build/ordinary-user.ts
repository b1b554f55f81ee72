// Started as root, Electron and the demo's shells run as an ordinary user: as root Chromium runs only without its
// sandbox, and a demo shell would be a root shell. This file chooses that user and starts programs as them.
// Not started as root, everything here changes nothing.

import { execFile, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { promisify } from 'node:util';
import type { Failure } from './command-line.ts';

const run = promisify(execFile);

export interface OrdinaryUser {
  readonly ok: true;
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/**
 * The user to run as when this is root on Linux: who called sudo, since the display is theirs; else `nobody`, which
 * every Linux has, owns nothing, and was seen to run Chromium's sandbox and login shells (a user of our own would
 * have to be added to the machine). Undefined where nothing has to change.
 */
export async function ordinaryUser(env: NodeJS.ProcessEnv): Promise<OrdinaryUser | Failure | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const caller = { uid: Number(env['SUDO_UID']), gid: Number(env['SUDO_GID']), name: env['SUDO_USER'] };
  if (caller.uid > 0 && caller.gid > 0 && caller.name !== undefined) {
    return { ok: true, uid: caller.uid, gid: caller.gid, name: caller.name };
  }
  try {
    await run('setpriv', ['--version']);
    const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, 'nobody'])));
    return { ok: true, uid: Number(uid?.stdout), gid: Number(gid?.stdout), name: 'nobody' };
  } catch (error) {
    return {
      ok: false,
      code: 'no_ordinary_user',
      message: `Started as root, this cannot change to an ordinary user: ${error instanceof Error ? error.message : ''}`,
      next: 'Run it as an ordinary user, or install util-linux (setpriv) and see that the user "nobody" exists.',
    };
  }
}

export interface Invocation {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The same program, run as that user with their own home; unchanged where `user` is undefined. Settings of root's
 * own session and of npm stay behind.
 */
export function asOrdinaryUser(
  user: OrdinaryUser | undefined,
  home: string,
  { command, args, env }: Invocation,
): Invocation {
  if (user === undefined) return { command, args, env };
  const kept = Object.entries(env).filter(
    ([name]) => !/^(npm_|SUDO_|XDG_|DBUS_|MAIL$|OLDPWD$|PWD$|TMPDIR$)/i.test(name),
  );
  return {
    command: 'setpriv',
    args: [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--', command, ...args],
    env: {
      ...Object.fromEntries(kept),
      HOME: home,
      USER: user.name,
      LOGNAME: user.name,
      SHELL: '/bin/bash',
    },
  };
}

/**
 * Runs a program in this terminal until it ends, passing signals on. Resolves to its exit code, 128 + n for a signal.
 */
export function runInForeground(invocation: Invocation, cwd: string): Promise<number> {
  const child = spawn(invocation.command, [...invocation.args], {
    stdio: 'inherit',
    cwd,
    env: invocation.env,
  });
  const pass = (signal: NodeJS.Signals) => {
    // A terminal's Ctrl+C has reached the child already.
    if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, pass);
  return new Promise((resolve) => {
    const done = (code: number) => {
      for (const signal of signals) process.off(signal, pass);
      resolve(code);
    };
    child.once('error', () => done(127));
    child.once('close', (code, signal) =>
      done(signal === null ? (code ?? 1) : 128 + constants.signals[signal]),
    );
  });
}
