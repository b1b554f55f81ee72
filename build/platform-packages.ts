import { z } from 'zod';

/** The parts of package-lock.json (version 3) that matter here; everything else is kept as it is. */
const lockEntry = z.looseObject({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const lockFile = z.looseObject({ packages: z.record(z.string(), lockEntry) });

type Packages = z.infer<typeof lockFile>['packages'];

const systems: ReadonlySet<string> = new Set([
  'android',
  'darwin',
  'freebsd',
  'linux',
  'openharmony',
  'win32',
]);
const processors: Readonly<Record<string, string>> = {
  arm: 'arm',
  arm64: 'arm64',
  ia32: 'ia32',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  x64: 'x64',
  64: 'x64',
};

interface MissingPackage {
  /** Where npm would put it: node_modules/@oxlint/binding-darwin-arm64. */
  readonly path: string;
  readonly entry: Packages[string];
}

interface Platform {
  readonly os: readonly string[];
  readonly cpu: readonly string[];
  readonly libc?: readonly string[];
}

/** `linux-arm64-musl` and the like at the end of a package's name, as npm's os, cpu and libc. */
function platformOf(name: string): Platform | undefined {
  const words = name.replace('windows', 'win32').split(/[/-]/);
  const os = words.filter((word) => systems.has(word));
  const cpu = words.flatMap((word) => processors[word] ?? []);
  if (os.length !== 1 || cpu.length !== 1) return undefined;
  if (os[0] !== 'linux') return { cpu, os };
  const musl = words.some((word) => word.startsWith('musl'));
  const glibc = words.some((word) => word.startsWith('gnu'));
  return { cpu, os, ...(musl ? { libc: ['musl'] } : glibc ? { libc: ['glibc'] } : {}) };
}

/** The entry that `require` would find from a package at `from`, walking up. */
function resolved(packages: Packages, from: string, name: string): Packages[string] | undefined {
  for (
    let folder = from;
    ;
    folder = folder.slice(0, folder.lastIndexOf('node_modules/')).replace(/\/$/, '')
  ) {
    const entry = packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`];
    if (entry !== undefined || folder === '') return entry;
  }
}

/**
 * The binaries for other platforms that a lock file should name and does not. Against a registry that lacks some,
 * `npm install` silently leaves them out of the lock, and from then on `npm ci` refuses it.
 */
export function missingPlatformPackages(lock: unknown): readonly MissingPackage[] {
  const { packages } = lockFile.parse(lock);
  const missing: MissingPackage[] = [];
  for (const [parent, { dev, optionalDependencies = {} }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const platform = platformOf(name);
      const exact = /^\d/.test(version);
      if (platform === undefined || !exact || resolved(packages, parent, name)?.version === version) continue;
      const folder = parent.slice(0, parent.lastIndexOf('node_modules/'));
      missing.push({
        path: `${folder}node_modules/${name}`,
        // In npm's order, so that its next install changes nothing.
        entry: {
          version,
          cpu: platform.cpu,
          ...(dev === undefined ? {} : { dev }),
          ...(platform.libc === undefined ? {} : { libc: platform.libc }),
          optional: true,
          os: platform.os,
        },
      });
    }
  }
  return missing;
}

/**
 * The lock file's text with those entries added, in npm's order and form. They carry no hash (it cannot be known
 * where the package cannot be had), so npm checks them only on the platforms that they are for.
 */
export function withPlatformPackages(text: string): string {
  const lock = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  const packages = z.record(z.string(), z.unknown()).parse(lock['packages']);
  for (const { path, entry } of missingPlatformPackages(lock)) packages[path] = entry;
  const sorted = Object.entries(packages).toSorted(([one], [other]) => one.localeCompare(other, 'en'));
  return `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, undefined, 2)}\n`;
}
