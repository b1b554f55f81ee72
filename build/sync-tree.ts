import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
  utimes,
} from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes `to` a copy of `from` that every user can read: what differs in size or time is copied, what is gone is
 * removed, links stay links. `leave` names entries at the top that are neither copied nor removed. Files change by
 * rename, so what runs from the copy never sees half of one.
 */
export async function syncTree(from: string, to: string, leave: readonly string[] = []): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  const entries = await readdir(from, { withFileTypes: true });
  const kept = new Set([...leave, ...entries.map((entry) => entry.name)]);
  for (const name of await readdir(to)) {
    if (!kept.has(name)) await rm(join(to, name), { recursive: true, force: true });
  }
  for (const entry of entries) {
    if (leave.includes(entry.name)) continue;
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await syncTree(source, target);
    else if (entry.isSymbolicLink()) await syncLink(source, target);
    else if (entry.isFile()) await syncFile(source, target);
  }
}

async function syncLink(source: string, target: string): Promise<void> {
  const aim = await readlink(source);
  if ((await readlink(target).catch(() => undefined)) === aim) return;
  await rm(target, { recursive: true, force: true });
  await symlink(aim, target);
}

async function syncFile(source: string, target: string): Promise<void> {
  const wanted = await lstat(source);
  const have = await lstat(target).catch(() => undefined);
  if (have?.isFile() === true && have.size === wanted.size && sameTime(have.mtimeMs, wanted.mtimeMs)) return;
  if (have !== undefined && !have.isFile()) await rm(target, { recursive: true, force: true });
  const fresh = `${target}.fresh-${process.pid}`;
  await copyFile(source, fresh);
  await chmod(fresh, (wanted.mode & 0o111) === 0 ? 0o644 : 0o755);
  await utimes(fresh, wanted.atimeMs / 1000, wanted.mtimeMs / 1000);
  await rename(fresh, target);
}

/** utimes rounds below a microsecond. */
function sameTime(one: number, other: number): boolean {
  return Math.abs(one - other) < 1;
}
