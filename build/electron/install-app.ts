import { execFile } from 'node:child_process';
import {
  chmod,
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  readlink,
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
 * `resources/app` is a relative link to `appDir`, so that both may be moved or copied together. Where everything is
 * in place already nothing is written, so another user may call this as well.
 * On macOS the runtime is one .app bundle and is copied as it is.
 */
export async function installApp(
  runtime: ElectronRuntime,
  appDir: string,
  into: string,
): Promise<LaunchableApp> {
  const stamp = join(into, '.runtime');
  const identity = `${runtime.source} ${runtime.version}`;
  if ((await readFile(stamp, 'utf8').catch(() => '')) !== identity) {
    await rm(into, { recursive: true, force: true });
    await mkdir(into, { recursive: true });
    await (process.platform === 'darwin' ? copyBundle(runtime.folder, into) : linkTree(runtime.folder, into));
    await writeFile(stamp, identity);
  }
  const executable = join(into, relative(runtime.folder, runtime.executable));
  const resources =
    process.platform === 'darwin' ? join(dirname(dirname(executable)), 'Resources') : join(into, 'resources');
  const app = join(resources, 'app');
  // A junction, which Windows lets everyone make, cannot be relative.
  const aim = process.platform === 'win32' ? appDir : relative(resources, appDir);
  if ((await readlink(app).catch(() => undefined)) !== aim) {
    await rm(app, { recursive: true, force: true });
    await symlink(aim, app, process.platform === 'win32' ? 'junction' : 'dir');
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
