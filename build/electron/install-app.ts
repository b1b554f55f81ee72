import { execFile } from 'node:child_process';
import {
  chmod,
  copyFile,
  cp,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { ElectronRuntime } from './runtime.ts';

export interface LaunchableApp {
  readonly executable: string;
  readonly folder: string;
}

/**
 * Makes `into` a runtime that runs the application in `appDir` (the built dist/console), and returns what to start.
 * The runtime's files are hard-linked where the file system allows, so it costs no space and almost no time.
 * `resources/app` is a link to `appDir`, or a copy of it where `copy` asks for one (another user cannot follow the
 * link into a private checkout). Doing it again refreshes the application and leaves the runtime alone.
 * On macOS the runtime is one .app bundle and is copied as it is.
 */
export async function installApp(
  runtime: ElectronRuntime,
  appDir: string,
  into: string,
  options: { readonly copy?: boolean } = {},
): Promise<LaunchableApp> {
  const stamp = join(into, '.runtime');
  const identity = `${runtime.version} ${runtime.source} ${runtime.folder}`;
  const have = await readFile(stamp, 'utf8').catch(() => '');
  if (have !== identity) {
    await rm(into, { recursive: true, force: true });
    await mkdir(into, { recursive: true });
    await (process.platform === 'darwin' ? copyBundle(runtime.folder, into) : linkTree(runtime.folder, into));
    await writeFile(stamp, identity);
  }
  const executable = join(into, relative(runtime.folder, runtime.executable));
  const resources =
    process.platform === 'darwin' ? join(dirname(dirname(executable)), 'Resources') : join(into, 'resources');
  const app = join(resources, 'app');
  await rm(app, { recursive: true, force: true });
  if (options.copy === true) {
    await cp(appDir, app, { recursive: true });
    await makeReadable(app);
  } else {
    await symlink(appDir, app, process.platform === 'win32' ? 'junction' : 'dir');
  }
  return { executable, folder: into };
}

async function copyBundle(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-R', `${from}/`, to]);
}

async function linkTree(from: string, to: string): Promise<void> {
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) {
      // An earlier application does not belong to the runtime.
      if (basename(from) === 'resources' && entry.name === 'app') continue;
      await mkdir(target);
      await linkTree(source, target);
    } else if (entry.isFile()) {
      await link(source, target).catch(() => copyFile(source, target));
    }
  }
}

/** Opens a tree for reading to every user, whatever the umask it was built under. */
export async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeReadable(path);
    else if (entry.isFile()) await chmod(path, (await lstat(path)).mode | 0o444);
  }
}
