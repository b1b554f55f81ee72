// Backup of a relay's objects while it runs, and back. Each object is an SQLite file with a write-ahead log; copying
// the files of a running relay tears them, `VACUUM INTO` reads each as of one moment.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const MANIFEST = 'manifest.json';
const Manifest = z.object({
  format: z.literal('caisey-relay-backup/1'),
  takenAt: z.number(),
  files: z.array(z.object({ path: z.string().regex(/^[\w./-]+\.sqlite$/), sha256: z.string() })),
});
export type Manifest = z.infer<typeof Manifest>;

/** Workspaces last: what another object has handed over to one is then in the backup, or still with the other. */
const LAST = 'caisey-Workspace';

/**
 * @param objects `objects` in the relay's state folder; the relay may be running
 * @param to a new folder
 */
export async function backUp(objects: string, to: string, now: number): Promise<Manifest> {
  await mkdir(dirname(to), { recursive: true });
  await mkdir(to, { mode: 0o700 });
  const found = (await readdir(objects, { recursive: true })).filter((path) => path.endsWith('.sqlite'));
  const ordered = [
    ...found.filter((path) => !path.startsWith(LAST)),
    ...found.filter((path) => path.startsWith(LAST)),
  ];
  const files: { path: string; sha256: string }[] = [];
  for (const path of ordered) {
    const copy = join(to, path);
    await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
    const source = new DatabaseSync(join(objects, path), { readOnly: true, timeout: 10_000 });
    try {
      source.prepare('VACUUM INTO ?').run(copy);
    } finally {
      source.close();
    }
    await chmod(copy, 0o600);
    checkIntegrity(copy);
    files.push({ path, sha256: await sha256Of(copy) });
  }
  const manifest: Manifest = { format: 'caisey-relay-backup/1', takenAt: now, files };
  await writeFile(join(to, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  return manifest;
}

/**
 * Put a backup where the relay looks for its objects. The relay must not run.
 * @param objects empty or missing: what stands there is not overwritten
 */
export async function restore(from: string, objects: string): Promise<Manifest> {
  const manifest = Manifest.parse(JSON.parse(await readFile(join(from, MANIFEST), 'utf8')));
  const standing = await readdir(objects).catch(() => []);
  if (standing.length > 0) throw new Error(`${objects} is not empty: move it away first.`);
  for (const { path, sha256 } of manifest.files) {
    if (relative(from, join(from, path)).startsWith('..')) throw new Error(`${path} leaves the backup.`);
    if ((await sha256Of(join(from, path))) !== sha256) throw new Error(`${path} is not what was backed up.`);
  }
  for (const { path } of manifest.files) {
    const target = join(objects, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await copyFile(join(from, path), target);
  }
  return manifest;
}

function checkIntegrity(file: string): void {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const [row] = database.prepare('PRAGMA integrity_check').all();
    if (row?.['integrity_check'] !== 'ok') throw new Error(`${file} is damaged.`);
  } finally {
    database.close();
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file)) hash.update(z.instanceof(Buffer).parse(part));
  return hash.digest('hex');
}
