import { join } from 'node:path';
import { build } from './bundle.ts';
import type { Failure, Log } from './command-line.ts';
import { resolveElectron } from './electron/runtime.ts';
import { runQuietly } from './quiet-run.mjs';
import { repositoryRoot } from './repository-root.ts';

export interface PackageOptions {
  /** AppImage and deb, nsis or dmg, instead of an unpacked folder; fetches tools from the network. */
  readonly installers: boolean;
  /** Inspector on and loopback http allowed: for tests alone, in a folder of its own. */
  readonly testBuild: boolean;
  readonly log: Log;
}

export interface PackagedConsole {
  readonly ok: true;
  readonly folder: string;
  /** Of the unpacked folder; there only without `installers`. */
  readonly executable: string;
}

/**
 * The console as it ships, from bundles of its own, so that a running development build stays. Fails as Electron and
 * the bundles do, and with `package_failed`.
 */
export async function packageConsole(options: PackageOptions): Promise<PackagedConsole | Failure> {
  const { installers, testBuild, log } = options;
  const runtime = await resolveElectron({ log });
  if (!runtime.ok) return runtime;
  const bundles = join('dist', testBuild ? 'release-test' : 'release');
  const failure = await build({
    development: testBuild,
    outDir: join(repositoryRoot, bundles),
    only: ['main', 'preload', 'renderer'],
    log,
  });
  if (failure !== undefined) return failure;

  const output = join('dist', testBuild ? 'packages-test' : 'packages');
  const settings = {
    electronDist: runtime.folder,
    electronVersion: runtime.version,
    'directories.app': join(bundles, 'console'),
    'directories.output': output,
    ...(testBuild ? { 'electronFuses.enableNodeCliInspectArguments': 'true' } : {}),
  };
  const { code, tail } = await runQuietly({
    label: `Packaging for ${process.platform}-${process.arch}`,
    command: process.execPath,
    args: [
      join(repositoryRoot, 'node_modules', 'electron-builder', 'cli.js'),
      ...(installers ? [] : ['--dir']),
      '--publish=never',
      ...Object.entries(settings).map(([name, value]) => `--config.${name}=${value}`),
    ],
    cwd: repositoryRoot,
  });
  if (code !== 0) {
    return {
      ok: false,
      code: 'package_failed',
      message: `electron-builder ended with code ${code}.\n${tail}`,
      next: 'Mend what it names. Installers need a network that reaches its tools; without --installers it needs none.',
    };
  }
  const folder = join(repositoryRoot, output);
  return { ok: true, folder, executable: join(folder, unpackedExecutable()) };
}

/** Where electron-builder puts it. */
function unpackedExecutable(): string {
  const arch = process.arch === 'x64' ? '' : `-${process.arch}`;
  if (process.platform === 'darwin') {
    return join(`mac${arch}`, 'Caisey Console.app', 'Contents', 'MacOS', 'Caisey Console');
  }
  return process.platform === 'win32'
    ? join(`win${arch}-unpacked`, 'Caisey Console.exe')
    : join(`linux${arch}-unpacked`, 'caisey-console');
}
