import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { build as buildParts } from '../../../build/bundle.ts';
import { repositoryRoot } from '../../../build/repository-root.ts';
import type { Patch } from './mutants.ts';

/** What the relay is built from and with. */
const SOURCES = ['relay', 'protocol', 'build', 'package.json', 'package-lock.json', 'tsconfig.base.json'];

/**
 * The relay with these patches, built from a copy in `folder`. @returns its worker file
 * @throws Error when a patch does not apply exactly once, or what it makes cannot be built
 */
export async function buildMutant(folder: string, patches: readonly Patch[]): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of SOURCES) await cp(join(repositoryRoot, name), join(folder, name), { recursive: true });
  await symlink(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  for (const { file, find, replace } of patches) {
    const path = join(folder, file);
    const source = await readFile(path, 'utf8');
    const times = source.split(find).length - 1;
    if (times !== 1) throw new Error(`the patch of ${file} applies ${times} times, not once: ${find}`);
    await writeFile(
      path,
      source.replace(find, () => replace),
    );
  }
  // The copy's own builder, which builds what lies beside it.
  const builder: { readonly build: typeof buildParts } = await import(
    pathToFileURL(join(folder, 'build/bundle.ts')).href
  );
  const failure = await builder.build({ development: true, only: ['relay'], log: () => {} });
  if (failure !== undefined) throw new Error(`${failure.code}: ${failure.message}`);
  return join(folder, 'dist/relay/worker.js');
}
