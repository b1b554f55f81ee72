import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { choosePort } from '../../local/ports.ts';

export interface PasswordServer {
  /** A real ssh that asks for a password. */
  readonly command: string;
  dispose(): void;
}

/** An SSH server on loopback that asks for passwords and accepts none (Debian's dropbear-bin, which npm test installs). */
export async function startPasswordServer(folder: string): Promise<PasswordServer> {
  const program = ['/usr/sbin/dropbear', '/usr/bin/dropbear'].find(existsSync);
  if (program === undefined) {
    throw new Error(
      'dropbear is not installed. npm test does so as root on Debian: apt-get install dropbear-bin',
    );
  }
  await mkdir(folder, { recursive: true });
  const hostKey = join(folder, 'host-key');
  spawnSync('dropbearkey', ['-t', 'ed25519', '-f', hostKey], { stdio: 'ignore' });
  const { port } = await choosePort(48_870, 'ssh');
  const server = spawn(program, ['-F', '-r', hostKey, '-p', `127.0.0.1:${port}`], { stdio: 'ignore' });
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'PubkeyAuthentication=no'];
  return {
    command: `ssh -q -p ${port} ${options.map((option) => `-o ${option}`).join(' ')} root@127.0.0.1`,
    dispose: () => void server.kill('SIGKILL'),
  };
}
