import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A piece of network between somebody and the relay that can be cut, silenced or made slow. */
export interface FlakyLine {
  readonly url: string;
  /** Connections carried so far. */
  readonly carried: number;
  /** Breaks every connection at once, whatever is on its way. */
  cut(): void;
  /** True: nothing passes any more, in either direction, and nobody is told. New connections hang as well. */
  silence(on: boolean): void;
  /** True: new connections break at once. */
  down(on: boolean): void;
  dispose(): Promise<void>;
}

export interface FlakyLineOptions {
  /** http(s) origin of the relay on this machine. */
  readonly relayUrl: string;
  /** One way. */
  readonly delayMs?: number;
}

export async function startFlakyLine({ relayUrl, delayMs = 0 }: FlakyLineOptions): Promise<FlakyLine> {
  const { hostname, port } = new URL(relayUrl);
  const open = new Set<Socket>();
  let carried = 0;
  let silent = false;
  let isDown = false;

  const carry = (from: Socket, to: Socket): void => {
    from.on('data', (chunk) => {
      if (silent) return;
      if (delayMs === 0) to.write(chunk);
      else setTimeout(() => to.write(chunk), delayMs);
    });
    from.on('close', () => {
      open.delete(from);
      if (!silent) to.destroy();
    });
    from.on('error', () => {});
  };
  const server = createServer((near) => {
    if (isDown) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(port), hostname);
    carried += 1;
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      open.add(socket);
    }
    carry(near, far);
    carry(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  const cut = (): void => {
    for (const socket of open) socket.resetAndDestroy();
    open.clear();
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    get carried() {
      return carried;
    },
    cut,
    silence(on) {
      silent = on;
    },
    down(on) {
      isDown = on;
    },
    async dispose() {
      silent = false;
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
