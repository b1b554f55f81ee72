import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/**
 * Hash over the names and contents of files and whole folders below `root`, tests left out, with `salt` for whatever
 * else the result depends on. What is absent counts as empty.
 */
export async function contentHash(root: string, paths: readonly string[], salt: string): Promise<string> {
  const hash = createHash('sha256').update(salt);
  for (const path of paths) {
    for (const file of await filesUnder(join(root, path))) {
      hash.update(`\0${relative(root, file)}\0`).update(await readFile(file));
    }
  }
  return hash.digest('hex');
}

async function filesUnder(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return [];
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** A stamp written earlier, or undefined. */
export function readStamp(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
