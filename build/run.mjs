// The door to every command: `node build/run.mjs <command> [args…]`, which is what `npm start`, `npm test`… call.
// It is plain JavaScript for any Node ≥ 20 and needs no package: it installs the pinned ones, Node 24 among them,
// and then runs the command's TypeScript module on that Node 24.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runQuietly } from './quiet-run.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.caisey-install');
const windows = process.platform === 'win32';
const pinnedNode = join(modules, 'node', 'bin', windows ? 'node.exe' : 'node');

/** Exit codes: 2 wrong usage, 3 this machine lacks something. A command's own code is passed on. */
const USAGE = 2;
const MACHINE = 3;

const commands = {
  start: { module: 'local/up.ts', says: 'start identity server, relay, demo agents and the console' },
  story: { module: 'test/e2e/story-cli.ts', says: 'play the night story in the real application' },
  pictures: { module: 'test/e2e/pictures-cli.ts', says: 'photograph every view and state, in both themes' },
  test: { module: 'build/commands/test.ts', says: 'check, build, unit, system and end-to-end tests' },
  check: { module: 'build/commands/check.ts', says: 'types, lint, format, unused code, house rules' },
  format: { module: 'build/commands/format.ts', says: 'format the sources in place' },
  build: { module: 'build/commands/build.ts', says: 'build dist/ (console, relay, agent)' },
  package: { module: 'build/commands/package.ts', says: 'package the console for this system' },
  verify: { module: 'verify/caisey-verify.ts', says: 'check an evidence file, or co-sign its checkpoint' },
  prove: { module: 'test/prove/prove-cli.ts', says: 'try to cross from every organization into every other' },
  bench: { module: 'test/bench/bench-cli.ts', says: 'measure speed and memory of one subject' },
  soak: { module: 'test/soak/soak-cli.ts', says: 'sessions over lines that break, to the byte, for minutes' },
  'self-host': {
    module: 'local/self-host/self-host-cli.ts',
    says: 'the relay as a service of your own machine: make, check, backup, restore',
  },
  'identity:compare': {
    module: 'local/identity/compare.ts',
    says: 'compare the local identity server with a real Clerk instance',
  },
};

function listCommands() {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const rows = Object.entries(commands).map(([name, { says }]) => `  ${name.padEnd(width)}  ${says}`);
  return ['usage: node build/run.mjs <command> [options]', '', ...rows, ''].join('\n');
}

function fail(code, ...lines) {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(code);
}

/** What an install depends on. Another lock file, system or processor makes it stale. */
function installStamp() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
}

function installed(stamp) {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
}

/** npm as it was called, else the one on PATH: a list of program and first arguments. */
function npmCommand() {
  const cli = process.env.npm_execpath;
  if (cli && /npm-cli\.[cm]?js$/.test(cli)) return [process.execPath, cli];
  return [windows ? 'npm.cmd' : 'npm'];
}

async function installPackages() {
  const stamp = installStamp();
  if (installed(stamp)) return;
  const why = !existsSync(modules)
    ? 'first run'
    : existsSync(stampFile)
      ? 'package-lock.json has changed'
      : 'the last install did not finish';
  // Without the stamp a killed install is seen as such next time; npm ci itself starts from an empty folder.
  rmSync(stampFile, { force: true });
  const [npm, ...npmArgs] = npmCommand();
  const { code, tail } = await runQuietly({
    label: `Installing packages (${why})`,
    command: npm,
    args: [...npmArgs, 'ci', '--no-audit', '--no-fund', '--loglevel=error'],
    cwd: root,
  });
  if (code !== 0) {
    fail(
      MACHINE,
      tail,
      '',
      `packages_not_installed: npm ci ended with code ${code}.`,
      'Check that npm can reach its registry (npm ping), then run the same command again.',
    );
  }
  await ensurePinnedNode();
  writeFileSync(stampFile, stamp);
}

function pinnedNodeVersion() {
  if (!existsSync(pinnedNode)) return '';
  const { status, stdout } = spawnSync(pinnedNode, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}

/**
 * The `node` package fetches its binary in an install script. Where npm is told not to run scripts, or the script
 * was cut short, that one script is run here: it only asks npm for the binary's own package.
 */
async function ensurePinnedNode() {
  if (pinnedNodeVersion().startsWith('v24.')) return;
  const packageFolder = join(modules, 'node');
  mkdirSync(join(packageFolder, 'bin'), { recursive: true });
  const { code, tail } = await runQuietly({
    label: 'Installing Node 24',
    command: process.execPath,
    args: ['installArchSpecificPackage.js'],
    cwd: packageFolder,
  });
  const version = pinnedNodeVersion();
  if (!version.startsWith('v24.')) {
    fail(
      MACHINE,
      tail,
      '',
      `node24_missing: the package "node" gave ${version || 'no binary'} (its installer ended with code ${code}).`,
      'Remove node_modules and run the same command again; if it stays, install Node 24 and call it directly:',
      '  node24 <module> (the modules are listed at the top of build/run.mjs)',
    );
  }
  const link = join(modules, '.bin', 'node');
  if (!windows && !existsSync(link)) symlinkSync(relative(dirname(link), pinnedNode), link);
}

/** Runs the command on Node 24 in this terminal; ends this process the way the command ended. */
function runCommand(module, args) {
  const child = spawn(pinnedNode, [join(root, module), ...args], {
    stdio: 'inherit',
    cwd: root,
    env: { ...process.env, PATH: join(modules, '.bin') + delimiter + (process.env.PATH ?? '') },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // Ctrl+C in a terminal reaches the whole process group: passing it on would make two of it.
      const fromTerminal = signal === 'SIGINT' && process.stdin.isTTY === true;
      if (!fromTerminal) child.kill(signal);
    });
  }
  child.on('error', (error) => fail(MACHINE, `command_not_started: ${error.message}`));
  child.on('close', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}

const [name, ...args] = process.argv.slice(2);
if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(
    MACHINE,
    `node_too_old: this is Node ${process.versions.node}; Node 20 or newer is needed to begin.`,
    'Install a newer Node (the right Node for the project itself then comes with its packages).',
  );
}
if (name === '--help' || name === '-h' || name === 'help') {
  process.stdout.write(listCommands());
} else if (name === undefined || !Object.hasOwn(commands, name)) {
  fail(USAGE, name === undefined ? 'No command given.' : `Unknown command: ${name}`, '', listCommands());
} else {
  await installPackages();
  await ensurePinnedNode();
  runCommand(commands[name].module, args);
}
