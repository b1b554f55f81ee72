// `npm run self-host -- <what>`: the relay as a systemd service, see docs/deploy.md.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { build } from '../../build/bundle.ts';
import { endWith, logToStderr, readOptions, wrongUsage } from '../../build/command-line.ts';
import { repositoryRoot } from '../../build/repository-root.ts';
import { backUp, restore } from './backup.ts';
import { makeRelease } from './make-release.ts';
import { runUnit, unitValue } from './run-unit.ts';
import { defaultPaths } from './service-files.ts';

const USAGE = `usage: npm run self-host -- <what> [options]

  make     write the folder that a server needs
             --out <dir>      (default: dist/self-host)
             --prefix <dir>   where it will lie there (default: ${defaultPaths.prefix})
             --state <dir>    where the objects will lie (default: ${defaultPaths.state})
             --env <file>     its settings and secrets (default: ${defaultPaths.envFile})
             --port <n>       on loopback, for the web server in front (default: ${defaultPaths.port})
  check    start what the unit file would start, and end it again
             --unit <file>    (default: ${defaultPaths.prefix}/caisey-relay.service)
             --port <n>
  backup   of a relay that may be running
             --state <dir>    --to <dir>
  restore  of a relay that is stopped, into an empty state folder
             --from <dir>     --state <dir>`;

const [what, ...rest] = process.argv.slice(2);
const text = { type: 'string' } as const;
const portOf = (given: string | undefined): number => {
  const port = Number(given ?? defaultPaths.port);
  return Number.isInteger(port) && port > 0 && port < 65_536
    ? port
    : wrongUsage(`Not a port: ${given ?? ''}`, USAGE);
};

switch (what) {
  case 'make':
    await make();
    break;
  case 'check':
    await check();
    break;
  case 'backup': {
    const { state = defaultPaths.state, to } = readOptions(USAGE, { state: text, to: text }, rest);
    if (to === undefined) wrongUsage('Say where to: --to <dir>', USAGE);
    const { files } = await backUp(resolve(state), resolve(to), Date.now());
    logToStderr(`${files.length} files are in ${to}. Keep it as secret as the relay itself.`);
    break;
  }
  case 'restore': {
    const { state = defaultPaths.state, from } = readOptions(USAGE, { state: text, from: text }, rest);
    if (from === undefined) wrongUsage('Say where from: --from <dir>', USAGE);
    const { files, takenAt } = await restore(resolve(from), resolve(state));
    logToStderr(`${files.length} files as of ${new Date(takenAt).toISOString()} are in ${state}.`);
    break;
  }
  case undefined:
  default:
    // Ends the process, with 0 for --help.
    readOptions(USAGE, {}, what === undefined ? [] : [what]);
    wrongUsage('Say what to do.', USAGE);
}

async function make(): Promise<void> {
  const options = readOptions(USAGE, { out: text, prefix: text, state: text, env: text, port: text }, rest);
  const failure = await build({ development: false, only: ['relay'], log: logToStderr });
  if (failure !== undefined) endWith(failure);
  const out = resolve(options.out ?? join(repositoryRoot, 'dist/self-host'));
  await makeRelease({
    out,
    workerFile: join(repositoryRoot, 'dist/relay/worker.js'),
    paths: {
      prefix: options.prefix ?? defaultPaths.prefix,
      state: options.state ?? defaultPaths.state,
      envFile: options.env ?? defaultPaths.envFile,
      port: portOf(options.port),
    },
  });
  logToStderr(`The relay for a server is in ${out}; docs/deploy.md says what to do with it.`);
}

async function check(): Promise<void> {
  const options = readOptions(USAGE, { unit: text, port: text }, rest);
  const unitFile = options.unit ?? join(defaultPaths.prefix, 'caisey-relay.service');
  if (!existsSync(unitFile))
    endWith({
      ok: false,
      code: 'unit_missing',
      message: `${unitFile} is not there.`,
      next: 'Name it: --unit <file>.',
    });
  const verified = spawnSync('systemd-analyze', ['verify', unitFile], { encoding: 'utf8' });
  if (verified.error !== undefined) logToStderr('systemd is not here: the unit file was not verified.');
  else if (verified.status !== 0) logToStderr(`systemd-analyze verify: ${verified.stderr.trim()}`);
  else logToStderr('systemd-analyze verify: fine');
  const unit = await runUnit(unitFile, portOf(options.port));
  logToStderr(`${unitValue(await readFile(unitFile, 'utf8'), 'ExecStart')}\nserves.`);
  await unit.stop();
  if (verified.error === undefined && verified.status !== 0) process.exitCode = 1;
}
