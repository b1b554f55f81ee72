import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { spawn as spawnPty } from '@lydell/node-pty';
import { ensureBenchPackages } from '../../../build/debian.ts';
import type { Log } from '../../../build/command-line.ts';
import { choosePort } from '../../../local/ports.ts';
import { waitFor } from '../../harness/wait-for.ts';
import { SHELL_ENVIRONMENT, SHELL_SIZE } from './shell-settings.ts';

/** OpenSSH on the loopback interface, with keys and settings of its own, for whoever runs this. */
export interface SshServer {
  readonly port: number;
  /** An ssh inside a pty, as in a terminal window: bash in the server's home folder. */
  connect(
    port: number,
    onOutput: (bytes: Uint8Array) => void,
  ): { type: (text: string) => void; dispose: () => void };
  stop(): Promise<void>;
}

const run = promisify(execFile);

/** @param home of the shells: with the same files as those that it is compared with */
export async function startSshServer(home: string, log: Log): Promise<SshServer> {
  const lacking = await ensureBenchPackages(log);
  if (lacking !== undefined) throw new Error(`${lacking.code}: ${lacking.message}\n${lacking.next}`);
  const folder = await mkdtemp(join(tmpdir(), 'caisey-bench-ssh-'));
  const inFolder = (name: string) => join(folder, name);
  for (const key of ['host', 'person']) {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', inFolder(key)]);
  }
  await copyFile(inFolder('person.pub'), inFolder('authorized'));
  const { port } = await choosePort(47_400, 'sshd');
  const settings = {
    Port: port,
    ListenAddress: '127.0.0.1',
    HostKey: inFolder('host'),
    AuthorizedKeysFile: inFolder('authorized'),
    PidFile: 'none',
    // Its folder lies under /tmp, where others may write.
    StrictModes: 'no',
    PasswordAuthentication: 'no',
    PermitRootLogin: 'prohibit-password',
    UsePAM: 'no',
    PrintMotd: 'no',
    PrintLastLog: 'no',
    MaxStartups: 100,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`);
  await writeFile(inFolder('config'), lines.join(''));
  // As root sshd wants this folder, which the package's service would have made.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true });
  const server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', inFolder('config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const killNow = () => void server.kill('SIGKILL');
  process.once('exit', killNow);
  const words: string[] = [];
  createInterface({ input: server.stderr }).on('line', (line) => words.push(line));
  await waitFor('sshd', () => {
    if (server.exitCode !== null) throw new Error(`sshd ended: ${words.join(' ')}`);
    return words.some((line) => line.includes('listening'));
  });
  const environment = Object.entries({ ...SHELL_ENVIRONMENT, HOME: `'${home}'` })
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
  return {
    port,
    connect(through, onOutput) {
      const options = [
        'StrictHostKeyChecking=no',
        'UserKnownHostsFile=/dev/null',
        'LogLevel=ERROR',
        // Newer ones let keys wait for 20 ms; that is not what is measured here.
        'IgnoreUnknown=ObscureKeystrokeTiming',
        'ObscureKeystrokeTiming=no',
      ];
      const args = ['-F', 'none', '-tt', '-i', inFolder('person'), '-p', String(through)];
      for (const option of options) args.push('-o', option);
      args.push(`${userInfo().username}@127.0.0.1`);
      args.push(`cd '${home}' && exec env -i ${environment} /bin/bash --login`);
      const client = spawnPty('ssh', args, { ...SHELL_SIZE, name: 'xterm-256color', encoding: null });
      client.onData((data) => onOutput(data as unknown as Uint8Array));
      return { type: (text) => client.write(text), dispose: () => client.kill('SIGKILL') };
    },
    async stop() {
      process.off('exit', killNow);
      if (server.exitCode === null) {
        const gone = once(server, 'exit');
        server.kill('SIGTERM');
        await gone;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
