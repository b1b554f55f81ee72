// A copy of the checkout that an ordinary user can run from, when a command was started as root: the checkout may lie
// under a private folder or be built under a strict umask. The copy holds everything (sources, dist, packages,
// Electron), so a command runs in it exactly as it would in the checkout; hard links make that cheap (measured:
// 45,000 package files in 0.8 s once, sources and dist in under 0.1 s each time).

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, copyFile, cp, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Failure, Log } from './command-line.ts';
import { asOrdinaryUser, ordinaryUser, runInForeground, type OrdinaryUser } from './ordinary-user.ts';
import { repositoryRoot } from './repository-root.ts';
import { syncTree } from './sync-tree.ts';

const run = promisify(execFile);

/**
 * Folders in which the ordinary user keeps what a run leaves: state, pictures, reports. All others, and the tops of
 * these, stay root's: root must not be led astray when it writes here next time.
 */
const writable = ['.cache/reports', '.state', '.story', 'test-results'];

export interface Stage {
  readonly ok: true;
  /** The copy of the checkout. */
  readonly root: string;
  /** The ordinary user's home. */
  readonly home: string;
  readonly user: OrdinaryUser;
}

/**
 * Brings the copy up to date; undefined when this is not root and the checkout itself will do.
 * Fails with `no_ordinary_user`, or `stage_not_ours` when somebody else owns the folder that it would use.
 */
export async function stage(log: Log): Promise<Stage | Failure | undefined> {
  const user = await ordinaryUser(process.env);
  if (user === undefined || !user.ok) return user;
  const top = stageFolder();
  await mkdir(top, { mode: 0o755 }).catch(() => undefined);
  const stat = await lstat(top);
  // /var/tmp is open to everyone: a folder put there by another user must not be trusted by root.
  if (!stat.isDirectory() || stat.uid !== 0 || (stat.mode & 0o022) !== 0) return notOurs(top);
  await chmod(top, 0o755);

  const root = join(top, 'checkout');
  await syncTree(repositoryRoot, root, ['.git', '.cache', 'node_modules', ...writable]);
  // A source that changed since the build is built again over there.
  const dist = join(root, 'dist');
  if (existsSync(dist)) await run('chown', ['-R', `${user.uid}:${user.gid}`, dist]);
  await linkPackages(root, log);
  const home = join(top, 'home');
  for (const folder of [home, ...writable.map((name) => join(root, name))]) {
    await mkdir(folder, { recursive: true });
    await chown(folder, user.uid, user.gid);
    await chmod(folder, 0o755);
  }
  for (const name of ['electron', 'launch']) await linkCache(root, name);
  return { ok: true, root, home, user };
}

/** Where the copy of this checkout lies: one for each checkout, kept between runs. */
export function stageFolder(): string {
  const id = createHash('sha256').update(repositoryRoot).digest('hex').slice(0, 12);
  return join('/var/tmp', `caisey-console-${id}`);
}

async function linkPackages(root: string, log: Log): Promise<void> {
  const from = join(repositoryRoot, 'node_modules');
  const to = join(root, 'node_modules');
  // The second is written when the official Electron has been downloaded into its package.
  if (await sameMarkers(from, to, ['.caisey-install', 'electron/path.txt'])) return;
  log('Staging the packages for an ordinary user …');
  await linkTree(from, to);
}

/** Replaced only when it differs: a console may be running from it. */
async function linkCache(root: string, name: string): Promise<void> {
  const from = join(repositoryRoot, '.cache', name);
  const to = join(root, '.cache', name);
  if (!existsSync(from)) return;
  const names = await readdir(from);
  const markers = names.map((entry) => (entry.endsWith('.complete') ? entry : join(entry, '.runtime')));
  if (!(await sameMarkers(from, to, markers))) await linkTree(from, to);
}

/** Whether marker files, each written last when its tree was made, are of one time in both, or in neither. */
async function sameMarkers(from: string, to: string, markers: readonly string[]): Promise<boolean> {
  const times = (folder: string) =>
    Promise.all(
      markers.map((name) =>
        lstat(join(folder, name)).then(
          (stat) => stat.mtimeMs,
          () => undefined,
        ),
      ),
    );
  const [wanted, have] = await Promise.all([times(from), times(to)]);
  return wanted.every((time, index) => time === have[index]) && existsSync(to);
}

/**
 * Replaces a tree by hard links to another one, by copies across file systems, and opens it for reading. It is made
 * beside its place and moved there whole: two commands that begin at once do not meet in a half made tree.
 */
async function linkTree(from: string, to: string): Promise<void> {
  const made = `${to}.${process.pid}.new`;
  const before = `${to}.${process.pid}.old`;
  await rm(made, { recursive: true, force: true });
  await run('cp', ['-al', from, made]).catch(async () => {
    await rm(made, { recursive: true, force: true });
    await run('cp', ['-a', from, made]);
  });
  await run('chmod', ['-R', 'a+rX', made]);
  await rename(to, before).catch(unlessCode('ENOENT'));
  // In the way: another command has just put the same tree there.
  await rename(made, to).catch(unlessCode('ENOTEMPTY', 'EEXIST'));
  for (const left of [made, before]) await rm(left, { recursive: true, force: true });
}

function unlessCode(...codes: readonly string[]): (error: NodeJS.ErrnoException) => void {
  return (error) => {
    if (!codes.includes(error.code ?? '')) throw error;
  };
}

function notOurs(folder: string): Failure {
  return {
    ok: false,
    code: 'stage_not_ours',
    message: `${folder} is not a folder of root's alone, so root will not run anything from it.`,
    next: 'Look who made it, remove it, and run the command again; or run the command as an ordinary user.',
  };
}

export interface OrdinaryRun {
  /** A module below the checkout: test/e2e/story-cli.ts. */
  readonly module: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Folders below the checkout that are copied back afterwards, for what the run has made. */
  readonly bring: readonly string[];
  readonly log: Log;
}

/**
 * Runs a module of the checkout on this Node as an ordinary user, in the staged copy, and resolves to its exit code.
 * Undefined when this is not root: the caller then does the work itself, in this process.
 */
export async function runAsOrdinaryUser(order: OrdinaryRun): Promise<number | Failure | undefined> {
  const staged = await stage(order.log);
  if (staged === undefined || !staged.ok) return staged;
  const { root, home, user } = staged;
  const node = join(root, 'node_modules', 'node', 'bin', 'node');
  const env = { ...order.env, ...(await displayCookie(order.env, staged)) };
  const path = [join(root, 'node_modules', '.bin'), env['PATH'] ?? ''].join(':');
  const invocation = asOrdinaryUser(user, home, {
    command: node,
    args: [join(root, order.module), ...order.args],
    env: { ...env, PATH: path },
  });
  const code = await runInForeground(invocation, root);
  for (const name of order.bring) await bringBack(join(root, name), join(repositoryRoot, name));
  return code;
}

/** Copies a folder into the checkout, as files of the checkout's owner. */
async function bringBack(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return;
  const { uid, gid } = await lstat(repositoryRoot);
  await cp(from, to, { recursive: true, force: true });
  await run('chown', ['-R', `${uid}:${gid}`, to]);
}

/** Root's own display (a desktop, ssh -X) opens for the ordinary user only with a cookie that they can read. */
async function displayCookie(env: NodeJS.ProcessEnv, { home, user }: Stage): Promise<Record<string, string>> {
  if (env['DISPLAY'] === undefined) return {};
  const theirs = join(home, '.Xauthority');
  const ours = env['XAUTHORITY'] ?? join(env['HOME'] ?? '/root', '.Xauthority');
  const owner = await lstat(ours).catch(() => undefined);
  // A display of our own already comes with a cookie that is theirs.
  if (owner === undefined || owner.uid === user.uid) return {};
  await copyFile(ours, theirs);
  await chown(theirs, user.uid, user.gid);
  await chmod(theirs, 0o600);
  return { XAUTHORITY: theirs };
}
