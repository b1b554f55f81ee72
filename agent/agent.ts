// The agent: runs on a client's machine, dials out to its workspace's relay, and runs shells for it.
// It keeps one key and one credential, both for one organization; it listens on nothing.
// Every lifecycle event is one JSON line on stdout; what a person must read goes to stderr.
import { join } from 'node:path';
import { systemClock } from './clock.ts';
import { readConfig, type AgentConfig } from './config.ts';
import { ControlClient } from './control/control-client.ts';
import { LastCheckpoint } from './control/last-checkpoint.ts';
import { LineWatch } from './control/line-watch.ts';
import { enroll } from './enrollment/enroll.ts';
import {
  openMachineState,
  wipeMachineState,
  type MachineState,
  type StoredCredential,
} from './enrollment/machine-state.ts';
import { jsonLines, type Log } from './log.ts';
import { machineAddresses, machineFacts } from './machine-facts.ts';
import { SessionHost } from './pty/session-host.ts';
import { clearShellFolder, prepareShell } from './shell-integration/shell-launch.ts';
import { errors } from '#protocol/errors.ts';
import { CREDIT_WINDOW_MAX_BYTES } from '#protocol/frame/frame.ts';

const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;
/** More than is ever on its way, or the ring would hold back a console that is far. */
const RING_LIMIT_BYTES = CREDIT_WINDOW_MAX_BYTES + 256 * 1024;
/** Time for the shells' processes to end, SIGKILL included. */
const FAREWELL_MS = 2500;

function complain(text: string): void {
  process.stderr.write(`agent: ${text}\n`);
}

async function main(args: readonly string[]): Promise<void> {
  // A supervisor that reads no more must not end the shells.
  process.stdout.on('error', () => {});
  const parsed = readConfig(args);
  if (!parsed.ok) {
    if (parsed.help) process.stdout.write(`${parsed.text}\n`);
    else {
      complain(`${parsed.text} See --help.`);
      process.exitCode = EXIT_USAGE;
    }
    return;
  }
  const { config } = parsed;
  const log = jsonLines(
    () => systemClock.now(),
    (line) => process.stdout.write(line),
  );
  if (config.wipe && !wipe(config, log)) {
    process.exitCode = EXIT_REFUSED;
    return;
  }
  if (config.wipe && config.enrollCode === null) return;
  const opened = openMachineState(config.stateDir);
  if (!opened.ok) {
    complain(opened.text);
    process.exitCode = EXIT_REFUSED;
    return;
  }
  const credential = await credentialOf(opened.state, config, log);
  if (credential === null) process.exitCode = EXIT_REFUSED;
  else serve(config, opened.state, credential, log);
}

function wipe({ stateDir }: AgentConfig, log: Log): boolean {
  const wiped = wipeMachineState(stateDir);
  if (!wiped.ok) {
    complain(wiped.text);
    return false;
  }
  const { was } = wiped;
  log('wiped', { machineId: was?.machineId ?? null });
  complain(
    was === null
      ? `${stateDir} holds no machine any more.`
      : `This host was ${was.machineName} (${was.machineId}); its key is gone. ` +
          'The console lists that machine until an administrator removes it.',
  );
  return true;
}

async function credentialOf(
  state: MachineState,
  config: AgentConfig,
  log: Log,
): Promise<StoredCredential | null> {
  const { credential } = state;
  if (credential !== null) {
    if (config.enrollCode !== null) {
      complain(
        `This machine is already enrolled as ${credential.machineName} (${credential.machineId}). ` +
          'To enroll it anew, stop its agent and run this again with --wipe and a new code.',
      );
      return null;
    }
    return credential;
  }
  if (config.enrollCode === null) {
    complain(
      'This machine is not enrolled yet. Create a code in the console and run once with it in CAISEY_ENROLL_CODE.',
    );
    return null;
  }
  const enrolled = await enroll(config.relayUrl, {
    code: config.enrollCode,
    publicKey: state.key.publicKey,
    facts: machineFacts(config.user, config.hostname),
  });
  if (!enrolled.ok) {
    log('enrollment.refused', { code: enrolled.code });
    complain(`${enrolled.text} (${enrolled.code})`);
    return null;
  }
  const stored = enrolled.answer;
  state.store(stored);
  log('enrolled', { machineId: stored.machineId, machineName: stored.machineName });
  return stored;
}

function serve(config: AgentConfig, state: MachineState, credential: StoredCredential, log: Log): void {
  const shellFolder = join(config.stateDir, 'shells');
  clearShellFolder(shellFolder);
  const host = new SessionHost({
    relayUrl: config.relayUrl,
    user: config.user,
    ringLimitBytes: RING_LIMIT_BYTES,
    clock: systemClock,
    log,
    prepareShell: () =>
      prepareShell(
        { shell: config.shell, home: config.home, environment: config.shellEnvironment, folder: shellFolder },
        systemClock,
      ),
    send: (message) => control.send(message),
  });
  const control = new ControlClient({
    relayUrl: config.relayUrl,
    credential: credential.credential,
    key: state.key,
    facts: machineFacts(config.user, config.hostname),
    clock: systemClock,
    log,
    sessions: () => host.sessions(),
    connected() {
      host.workspaceReached();
      lastCheckpoint.connected();
    },
    requested(request) {
      switch (request.type) {
        case 'session.open':
          host.open(request.sessionId, request.ticket, request.size);
          lastCheckpoint.ask();
          return;
        case 'ticket':
          host.connect(request.sessionId, request.ticket);
          return;
        case 'session.close':
          host.close(request.sessionId);
          lastCheckpoint.ask();
          return;
        case 'checkpoint':
          void lastCheckpoint.answered(request);
          return;
      }
    },
    refused(code, stopped) {
      complain(`The relay refused this machine: ${errors[code].text} (${code})`);
      if (stopped) stop(EXIT_REFUSED);
    },
  });
  const lastCheckpoint = new LastCheckpoint({
    file: join(config.stateDir, 'last-checkpoint.json'),
    machineId: credential.machineId,
    log,
    send: (message) => control.send(message),
  });
  const line = new LineWatch({
    clock: systemClock,
    addresses: machineAddresses,
    changed(why) {
      log('line.changed', { why });
      control.lineChanged();
      host.lineChanged();
    },
  });
  const stop = (exitCode: number): void => {
    const busy = host.sessions().length > 0;
    line.dispose();
    control.dispose();
    host.dispose();
    log('stopped', { exitCode });
    process.exitCode = exitCode;
    // Exit explicitly: timers that wait for the relay's last words must not keep the process.
    systemClock.timer(busy ? FAREWELL_MS : 0, () => process.exit());
  };
  process.once('SIGTERM', () => stop(0));
  process.once('SIGINT', () => stop(0));
  control.start();
}

await main(process.argv.slice(2));
