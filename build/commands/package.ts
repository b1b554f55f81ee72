// `npm run package`: the console as it ships. By default an unpacked folder, which needs no network; `--installers`
// makes what people download.
import { endWith, EXIT_FAILED, EXIT_MACHINE, logToStderr, readOptions } from '../command-line.ts';
import { packageConsole } from '../package-console.ts';

const usage = `usage: npm run package -- [options]

  --installers   AppImage and deb, nsis or dmg, instead of an unpacked folder; fetches tools from the network
  --test-build   inspector on and loopback http allowed, into dist/packages-test`;

/** Other failures are this machine's: it has no Electron. */
const OF_THE_WORK = new Set(['build_failed', 'package_failed']);

const options = readOptions(usage, { installers: { type: 'boolean' }, 'test-build': { type: 'boolean' } });
const packaged = await packageConsole({
  installers: options.installers ?? false,
  testBuild: options['test-build'] ?? false,
  log: logToStderr,
});
if (packaged.ok) process.stdout.write(`${packaged.folder}\n`);
else endWith(packaged, OF_THE_WORK.has(packaged.code) ? EXIT_FAILED : EXIT_MACHINE);
