import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Failure, Log } from '../command-line.ts';

/** Beside the folder, so that what is packaged from it holds nothing of ours. */
function markerOf(folder: string): string {
  return `${folder}.complete`;
}

/** Hash over the path and size of every file in a folder: finds what is missing or cut short. */
async function manifestHash(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const rows = await Promise.all(
    files.map(async (path) => `${relative(folder, path)} ${(await lstat(path)).size}`),
  );
  return createHash('sha256').update(rows.toSorted().join('\n')).digest('hex');
}

/** Whether a folder is there and just as it was when it was completed. */
export async function isComplete(folder: string): Promise<boolean> {
  const marked = await readFile(markerOf(folder), 'utf8').catch(() => undefined);
  return marked !== undefined && existsSync(folder) && marked === (await manifestHash(folder));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Removes what killed runs have left beside the folder. */
async function removeLeftovers(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const pid = /^assembling-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) {
      await rm(join(parent, name), { recursive: true, force: true });
    }
  }
}

/**
 * Makes a folder that is either whole or absent. `fill` gets an empty folder beside it, which takes the final name
 * only once everything is in it. A folder that is no longer whole is thrown away and made from scratch.
 * Returns the failure of `fill`, in which case nothing is left behind.
 */
export async function completeFolder(
  folder: string,
  log: Log,
  fill: (empty: string) => Promise<Failure | undefined>,
): Promise<Failure | undefined> {
  if (await isComplete(folder)) return undefined;
  if (existsSync(folder)) {
    log(`${folder} is not whole (cut short or changed): making it again from scratch.`);
    await rm(folder, { recursive: true, force: true });
  }
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  await removeLeftovers(parent);
  const assembling = join(parent, `assembling-${process.pid}`);
  await rm(assembling, { recursive: true, force: true });
  await mkdir(assembling);
  try {
    const failure = await fill(assembling);
    if (failure !== undefined) return failure;
    const manifest = await manifestHash(assembling);
    await rename(assembling, folder).catch(async (error: unknown) => {
      // Another process may have been faster; its folder is as good.
      if ((await manifestHash(folder)) !== manifest) throw error;
    });
    await writeFile(markerOf(folder), manifest);
    return undefined;
  } finally {
    await rm(assembling, { recursive: true, force: true });
  }
}
