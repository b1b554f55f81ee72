import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from './bundle.ts';
import type { Failure, Log } from './command-line.ts';
import { ensureElectronPackages } from './debian.ts';
import { installApp, type LaunchableApp } from './electron/install-app.ts';
import { resolveElectron } from './electron/runtime.ts';
import { repositoryRoot } from './repository-root.ts';

export interface PreparedConsole extends LaunchableApp {
  readonly ok: true;
  readonly electronVersion: string;
}

/**
 * Sees to everything that the console needs to run from this checkout: Electron, its system packages, dist/ (built
 * for development), and the two put together. Quick when nothing has changed. Run it once as the caller and, after
 * a change of user, again in the staged copy, where it finds everything in place.
 * `executable` runs the console with no further argument.
 */
export async function prepareConsole(options: { readonly log: Log }): Promise<PreparedConsole | Failure> {
  const { log } = options;
  const runtime = await resolveElectron({ log });
  if (!runtime.ok) return runtime;
  const ownDisplay = (process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'] ?? '') === '';
  const lacking = await ensureElectronPackages({ executable: runtime.executable, display: ownDisplay, log });
  if (lacking !== undefined) return lacking;
  const broken = await build({ development: true, log });
  if (broken !== undefined) return broken;
  const launch = join(repositoryRoot, '.cache', 'launch');
  await mkdir(launch, { recursive: true });
  const app = await installApp(runtime, join(repositoryRoot, 'dist', 'console'), join(launch, 'console'));
  return { ok: true, ...app, electronVersion: runtime.version };
}
