import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { missingPlatformPackages, withPlatformPackages } from './platform-packages.ts';
import { repositoryRoot } from './repository-root.ts';

it('finds what npm left out of a lock file, in the folder where npm would put it', () => {
  const lock = {
    packages: {
      'node_modules/workerd': {
        dev: true,
        version: '2.0.0',
        optionalDependencies: { '@cf/workerd-linux-64': '2.0.0', '@cf/workerd-windows-64': '2.0.0' },
      },
      'node_modules/@cf/workerd-linux-64': { version: '2.0.0' },
      'node_modules/a/node_modules/workerd': {
        version: '1.0.0',
        optionalDependencies: { '@cf/workerd-windows-64': '1.0.0', 'not-a-binary': '1.0.0' },
      },
    },
  };
  const found = missingPlatformPackages(lock);
  const windows = { cpu: ['x64'], os: ['win32'], optional: true };
  expect(found).toEqual([
    { path: 'node_modules/@cf/workerd-windows-64', entry: { version: '2.0.0', dev: true, ...windows } },
    { path: 'node_modules/a/node_modules/@cf/workerd-windows-64', entry: { version: '1.0.0', ...windows } },
  ]);
  expect(missingPlatformPackages(JSON.parse(withPlatformPackages(JSON.stringify(lock))))).toEqual([]);
});

it('the lock file names every platform, without which npm ci refuses it (build/commands/complete-lock.ts)', async () => {
  const text = await readFile(join(repositoryRoot, 'package-lock.json'), 'utf8');
  expect(missingPlatformPackages(JSON.parse(text)).map(({ path }) => path)).toEqual([]);
});
