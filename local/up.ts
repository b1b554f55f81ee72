// `npm start`: the identity server, the relay, two demo clients with real machines, and the console on top.
// Without a display nobody could see the console: then the night story is played in it instead.
// Ctrl+C, or closing the console, stops everything that this started and nothing else.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  endWith,
  EXIT_FAILED,
  EXIT_INTERRUPTED,
  EXIT_USAGE,
  logToStderr,
  readOptions,
} from '../build/command-line.ts';
import { runInForeground } from '../build/ordinary-user.ts';
import { runAsOrdinaryUser } from '../build/staging.ts';
import { prepareConsole } from '../build/prepare-console.ts';
import { repositoryRoot } from '../build/repository-root.ts';
import { formatLink } from '#protocol/link.ts';
import { demoSeedFile } from './identity/start-identity.ts';
import { readSeed } from './identity/seed.ts';
import type { UserSeed } from './identity/seed.ts';
import { findRunningSystem, forgetRunningSystem, recordRunningSystem } from './running-system.ts';
import { startSystem } from './system.ts';
import type { RunningSystem } from './system.ts';

const DEFAULT_PORT = 48_610;
const USAGE = `usage: npm start -- [options]

  --port N      port of the relay on 127.0.0.1, the identity server takes the next (default ${DEFAULT_PORT})
  --state DIR   where everything is kept between starts (default .state)
  --story       play the night story even where there is a display`;

const options = readOptions(USAGE, {
  port: { type: 'string' },
  state: { type: 'string' },
  story: { type: 'boolean' },
});
const port = options.port === undefined ? DEFAULT_PORT : Number(options.port);
if (!Number.isInteger(port) || port < 1024 || port > 65_000) {
  process.stderr.write(`--port: ${options.port} is not a port between 1024 and 65000.\n\n${USAGE}\n`);
  process.exit(EXIT_USAGE);
}
const stateDir = resolve(repositoryRoot, options.state ?? '.state');
const log = logToStderr;
const interrupted = new Error('interrupted');
const say = (line: string) => process.stdout.write(`${line}\n`);

process.exit(await main().catch(explain));

async function main(): Promise<number> {
  log('Preparing the console …');
  const prepared = await prepareConsole({ log });
  if (!prepared.ok) endWith(prepared);
  const hasDisplay = (process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'] ?? '') !== '';
  if (!hasDisplay || options.story === true) {
    log(
      hasDisplay
        ? 'Playing the night story.'
        : 'There is no display here: playing the night story in the console.',
    );
    const story = join(repositoryRoot, 'test/e2e/story-cli.ts');
    return runInForeground({ command: process.execPath, args: [story], env: process.env }, repositoryRoot);
  }
  const asOther = await runAsOrdinaryUser({
    module: 'local/up.ts',
    args: process.argv.slice(2),
    env: process.env,
    bring: [],
    log,
  });
  if (asOther !== undefined) return typeof asOther === 'number' ? asOther : endWith(asOther);
  return openConsole(prepared.executable);
}

/** What went wrong, in the words of the part that knows; a signal during the start is no fault. */
function explain(error: unknown): number {
  if (error === interrupted) return EXIT_INTERRUPTED;
  const code = error instanceof Error && 'code' in error ? `${String(error.code)}: ` : '';
  process.stderr.write(`${code}${error instanceof Error ? error.message : String(error)}\n`);
  return EXIT_FAILED;
}

async function openConsole(executable: string): Promise<number> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const running = await findRunningSystem(stateDir);
  if (running !== null) {
    log(`The system is running already (process ${running.pid}, relay on ${running.relayUrl}); using it.`);
    return runConsole(executable, running.consoleConfigFile, new AbortController().signal);
  }
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => stopping.abort(interrupted));
  }
  const system = await startSystem({
    signal: stopping.signal,
    stateDir,
    workerFile: join(repositoryRoot, 'dist/relay/worker.js'),
    agentModule: join(repositoryRoot, 'dist/agent/agent.js'),
    preferredPort: port,
    // No desktop knows this console by its scheme: it is handed its links as the desktop would.
    sendBack: (address) => {
      spawn(executable, [...consoleArguments(system.consoleConfigFile), address], { stdio: 'ignore' });
    },
    log,
  });
  try {
    await recordRunningSystem(stateDir, {
      pid: process.pid,
      relayUrl: system.relayUrl,
      identityUrl: system.identity.url,
      consoleConfigFile: system.consoleConfigFile,
    });
    introduce(system);
    return await runConsole(executable, system.consoleConfigFile, stopping.signal);
  } finally {
    log('Stopping …');
    await system.stop();
    await forgetRunningSystem(stateDir);
  }
}

function introduce({ workspaces }: RunningSystem): void {
  const seed = readSeed(demoSeedFile);
  if (!seed.ok) return;
  say('\nThe console opens now. Sign in with');
  for (const user of seed.seed.users) {
    const role = user.memberships[0]?.role.replace('org:', '') ?? '';
    say(`  ${user.email.padEnd(34)} ${user.password.padEnd(18)} ${role.padEnd(10)} ${waysOf(user)}`);
  }
  say('Codes by e-mail are printed here.');
  for (const { orgId, frame, machines } of workspaces) {
    const [machine] = machines;
    if (machine === undefined) continue;
    say(
      `\nAn alert at ${frame.name} would link to\n  ${formatLink({ orgId, machineId: machine.machineId, alertId: 'demo' })}`,
    );
  }
  say('\nCtrl+C stops everything.\n');
}

function consoleArguments(configFile: string): string[] {
  return [`--user-data-dir=${join(stateDir, 'console')}`, `--config=${configFile}`];
}

/** How a person of the demo signs in, besides the password. */
function waysOf(user: UserSeed): string {
  const { totpSecret, backupCodes } = user;
  return [
    user.emailCode ? 'code by e-mail' : '',
    user.clientTrust ? 'code by e-mail on a new device' : '',
    user.connection === undefined ? '' : 'in the browser',
    totpSecret === undefined ? '' : `authenticator ${totpSecret}`,
    backupCodes.length === 0 ? '' : `backup codes ${backupCodes.join(' ')}`,
    ...[...user.otherFirstFactors, ...user.otherSecondFactors].map((factor) => `${factor}, which is refused`),
  ]
    .filter((way) => way !== '')
    .join(', ');
}

/** Runs the console until it is closed or `signal` ends it. @returns the exit code of this command */
function runConsole(executable: string, configFile: string, signal: AbortSignal): Promise<number> {
  // Chromium says much that means nothing to the person who started this.
  const logFile = join(stateDir, 'console.log');
  const logTo = openSync(logFile, 'a', 0o600);
  const child = spawn(executable, consoleArguments(configFile), {
    stdio: ['ignore', logTo, logTo],
    signal,
    killSignal: 'SIGTERM',
  });
  closeSync(logTo);
  return new Promise((done, fail) => {
    child.once('error', (error) => (signal.aborted ? undefined : fail(error)));
    child.once('exit', (code) => {
      if (signal.aborted) return done(EXIT_INTERRUPTED);
      if (code !== 0) log(`The console ended with code ${code ?? 1}; ${logFile} says why.`);
      return done(code ?? EXIT_FAILED);
    });
  });
}
