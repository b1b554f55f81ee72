// Backup of a relay's objects and recordings while it runs, and back. Each object is an SQLite file with a write-ahead
// log; copying the files of a running relay tears them, `VACUUM INTO` reads each as of one moment. A recording's file
// is written once, whole.
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
  files: z.array(z.object({ path: z.string().regex(/^(?:[\w.-]+\/)*[\w.-]+$/), sha256: z.string() })),
});
export type Manifest = z.infer<typeof Manifest>;

/** Workspaces last: what another object has handed over to one is then in the backup, or still with the other. */
const LAST = 'caisey-Workspace';

const RECORDINGS = 'recordings';

/**
 * @param state the relay's state folder; the relay may be running
 * @param to a new folder
 */
export async function backUp(state: string, to: string, now: number): Promise<Manifest> {
  const objects = join(state, 'objects');
  const found = await filesOf(objects);
  if (found === null) throw new Error(`There is no ${objects}: this is not the state folder of a relay.`);
  await mkdir(dirname(to), { recursive: true });
  await mkdir(to, { mode: 0o700 });
  const files: Manifest['files'] = [];
  const databases = found.filter((path) => path.endsWith('.sqlite'));
  const isLast = (path: string) => path.startsWith(LAST);
  for (const path of [...databases.filter((path) => !isLast(path)), ...databases.filter(isLast)]) {
    const copy = await placeFor(join(to, path));
    const source = new DatabaseSync(join(objects, path), { readOnly: true, timeout: 10_000 });
    try {
      source.prepare('VACUUM INTO ?').run(copy);
    } finally {
      source.close();
    }
    checkIntegrity(copy);
    files.push({ path, sha256: await sealed(copy) });
  }
  // After the objects: what one of them had let go by then lies here already.
  for (const path of ((await filesOf(join(state, RECORDINGS))) ?? []).map((path) => join(RECORDINGS, path))) {
    const copy = await placeFor(join(to, path));
    // Gone meanwhile by the retention of its client.
    const copied = await copyFile(join(state, path), copy).then(
      () => true,
      (error: unknown) => {
        if (isMissing(error)) return false;
        throw error;
      },
    );
    if (copied) files.push({ path, sha256: await sealed(copy) });
  }
  const manifest: Manifest = { format: 'caisey-relay-backup/1', takenAt: now, files };
  await writeFile(join(to, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  return manifest;
}

/**
 * Put a backup where the relay looks for its objects and recordings. The relay must not run.
 * @param state its state folder: what stands there is not overwritten
 */
export async function restore(from: string, state: string): Promise<Manifest> {
  const manifest = Manifest.parse(JSON.parse(await readFile(join(from, MANIFEST), 'utf8')));
  for (const folder of ['objects', RECORDINGS].map((name) => join(state, name))) {
    if (((await filesOf(folder)) ?? []).length > 0)
      throw new Error(`${folder} is not empty: move it away first.`);
  }
  for (const { path, sha256 } of manifest.files) {
    if (relative(from, join(from, path)).startsWith('..')) throw new Error(`${path} leaves the backup.`);
    if ((await sha256Of(join(from, path))) !== sha256) throw new Error(`${path} is not what was backed up.`);
  }
  for (const { path } of manifest.files) {
    const target = path.startsWith(`${RECORDINGS}/`) ? join(state, path) : join(state, 'objects', path);
    await copyFile(join(from, path), await placeFor(target));
  }
  return manifest;
}

/** Paths of all files below a folder; null: there is no folder. Dot files are half written. */
async function filesOf(folder: string): Promise<string[] | null> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (found === null) return null;
  return found
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
}

async function placeFor(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  return file;
}

/** For the owner alone, and its hash. */
async function sealed(file: string): Promise<string> {
  await chmod(file, 0o600);
  return sha256Of(file);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
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
