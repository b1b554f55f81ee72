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

const PLACES = ['/usr/sbin', '/usr/bin', '/usr/local/bin'];

function programOf(name: string): string | undefined {
  return PLACES.map((place) => join(place, name)).find(existsSync);
}

/** Whether this machine has a real ssh and a server for it: Debian's dropbear-bin, which npm test installs. */
export function hasPasswordServer(): boolean {
  return ['ssh', 'dropbear', 'dropbearkey'].every((name) => programOf(name) !== undefined);
}

/** An SSH server on loopback that asks for passwords and accepts none. */
export async function startPasswordServer(folder: string): Promise<PasswordServer> {
  await mkdir(folder, { recursive: true });
  const hostKey = join(folder, 'host-key');
  spawnSync(programOf('dropbearkey') ?? '', ['-t', 'ed25519', '-f', hostKey], { stdio: 'ignore' });
  const { port } = await choosePort(48_870, 'ssh');
  const server = spawn(programOf('dropbear') ?? '', ['-F', '-r', hostKey, '-p', `127.0.0.1:${port}`], {
    stdio: 'ignore',
  });
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'PubkeyAuthentication=no'];
  return {
    command: `ssh -q -p ${port} ${options.map((option) => `-o ${option}`).join(' ')} root@127.0.0.1`,
    dispose: () => void server.kill('SIGKILL'),
  };
}
