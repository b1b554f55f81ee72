// `npm run package`: the console as it ships, from bundles of its own, so that a running development build stays.
// By default an unpacked folder, which needs no network; `--installers` makes what people download.
// `--test-build` leaves the inspector on and allows loopback http: for tests alone, in a folder of its own.

import { join } from 'node:path';
import { build } from '../bundle.ts';
import { endWith, EXIT_MACHINE, logToStderr, readOptions } from '../command-line.ts';
import { resolveElectron } from '../electron/runtime.ts';
import { runQuietly } from '../quiet-run.mjs';
import { repositoryRoot } from '../repository-root.ts';

const usage = `usage: npm run package -- [options]

  --installers   AppImage and deb, nsis or dmg, instead of an unpacked folder; fetches tools from the network
  --test-build   inspector on and loopback http allowed, into dist/packages-test`;

const options = readOptions(usage, { installers: { type: 'boolean' }, 'test-build': { type: 'boolean' } });
const testBuild = options['test-build'] ?? false;

const runtime = await resolveElectron({ log: logToStderr });
if (!runtime.ok) endWith(runtime, EXIT_MACHINE);

const bundles = join('dist', testBuild ? 'release-test' : 'release');
const failure = await build({
  development: testBuild,
  outDir: join(repositoryRoot, bundles),
  only: ['main', 'preload', 'renderer'],
  log: logToStderr,
});
if (failure !== undefined) endWith(failure);

const output = join('dist', testBuild ? 'packages-test' : 'packages');
const settings = {
  electronDist: runtime.folder,
  electronVersion: runtime.version,
  'directories.app': join(bundles, 'console'),
  'directories.output': output,
  ...(testBuild ? { 'electronFuses.enableNodeCliInspectArguments': 'true' } : {}),
};
const { code, tail } = await runQuietly({
  label: `Packaging for ${process.platform}-${process.arch}`,
  command: process.execPath,
  args: [
    join(repositoryRoot, 'node_modules', 'electron-builder', 'cli.js'),
    ...(options.installers === true ? [] : ['--dir']),
    '--publish=never',
    ...Object.entries(settings).map(([name, value]) => `--config.${name}=${value}`),
  ],
  cwd: repositoryRoot,
});
if (code !== 0) {
  endWith({
    ok: false,
    code: 'package_failed',
    message: `electron-builder ended with code ${code}.\n${tail}`,
    next: 'Mend what it names. Installers need a network that reaches its tools; without --installers it needs none.',
  });
}
process.stdout.write(`${join(repositoryRoot, output)}\n`);
