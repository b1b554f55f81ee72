import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { runQuietly } from '../quiet-run.mjs';

const STALL_MS = 20_000;

export interface OfficialElectron {
  readonly executable: string;
  readonly version: string;
}

/** The binary that the `electron` package has downloaded, if it is there and whole. */
export async function findOfficialElectron(packageFolder: string): Promise<OfficialElectron | undefined> {
  const { version } = await readPackage(packageFolder);
  const downloaded = await readFile(join(packageFolder, 'dist', 'version'), 'utf8').catch(() => undefined);
  // The installer writes path.txt last, so a half unpacked one has none.
  const path = await readFile(join(packageFolder, 'path.txt'), 'utf8').catch(() => undefined);
  if (downloaded?.trim().replace(/^v/, '') !== version || path === undefined) return undefined;
  const executable = join(packageFolder, 'dist', path.trim());
  return existsSync(executable) ? { executable, version } : undefined;
}

/**
 * Downloads the official binary with the package's own installer, which checks its hash. Offline it gives up at
 * once; where nothing answers, after 20 s without a byte. Returns the last lines of its output as the reason.
 */
export async function downloadOfficialElectron(
  packageFolder: string,
): Promise<
  { readonly ok: true; readonly electron: OfficialElectron } | { readonly ok: false; readonly reason: string }
> {
  const { version } = await readPackage(packageFolder);
  const temporary = await mkdtemp(join(tmpdir(), 'caisey-electron-'));
  try {
    const { stalled, tail } = await runQuietly({
      label: `Downloading Electron ${version}`,
      command: process.execPath,
      args: [join(packageFolder, 'install.js')],
      env: { ...process.env, TMPDIR: temporary, ELECTRON_GET_NO_PROGRESS: '1' },
      watch: [temporary, join(packageFolder, 'dist')],
      stallMs: STALL_MS,
    });
    const electron = await findOfficialElectron(packageFolder);
    if (electron !== undefined) return { ok: true, electron };
    return { ok: false, reason: stalled ? 'nothing came for 20 s' : (tail.split('\n')[0] ?? '') };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function readPackage(packageFolder: string): Promise<{ readonly version: string }> {
  const text = await readFile(join(packageFolder, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text));
}
