import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';

export interface ChosenPort {
  readonly port: number;
  /** Set when the preferred port was taken: what to tell the person. */
  readonly moved: string | null;
}

/** The preferred loopback port, else the next free one, with a sentence that names who holds it. */
export async function choosePort(preferred: number, purpose: string): Promise<ChosenPort> {
  for (let port = preferred; port < preferred + 100; port += 2) {
    if (!(await isFree(port))) continue;
    if (port === preferred) return { port, moved: null };
    const owner = (await ownerOfPort(preferred)) ?? 'another program';
    return { port, moved: `Port ${preferred} is taken by ${owner}; the ${purpose} uses ${port} instead.` };
  }
  throw new Error(`no free port for the ${purpose} between ${preferred} and ${preferred + 100}`);
}

/** Whether a loopback port can be listened on now. */
export function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** `name (process 123)` of the program that listens on a port; null where the system does not say (not Linux, not ours to see). */
export async function ownerOfPort(port: number): Promise<string | null> {
  const inodes = await listeningInodes(port);
  if (inodes.size === 0) return null;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode === undefined || !inodes.has(inode)) continue;
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
      return `${name.trim()} (process ${pid})`;
    }
  }
  return null;
}

async function listeningInodes(port: number): Promise<ReadonlySet<string>> {
  const LISTEN = '0A';
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const found = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const rows = (await readFile(table, 'utf8').catch(() => '')).split('\n').slice(1);
    for (const row of rows) {
      const [, address = '', , state = '', , , , , , inode = ''] = row.trim().split(/\s+/);
      if (state === LISTEN && address.endsWith(`:${hex}`)) found.add(inode);
    }
  }
  return found;
}
