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
  /** Breaks every connection within what comes next from the relay: so many bytes of it still arrive. */
  cutAfter(bytes: number): void;
  /** Ends every connection in order, as a proxy does that restarts. */
  close(): void;
  /** Nothing passes on today's connections any more, and nobody is told; new ones work. As a laptop that changes networks. */
  freeze(): void;
  /** One way, for what comes from now on. */
  delay(ms: number): void;
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
  /** Open, and dead without knowing it. */
  const frozen = new Set<Socket>();
  let carried = 0;
  let heldBackMs = delayMs;
  let cutIn: number | null = null;
  let silent = false;
  let isDown = false;

  const cut = (): void => {
    for (const socket of open) socket.resetAndDestroy();
    open.clear();
    cutIn = null;
  };
  const carry = (from: Socket, to: Socket, fromRelay: boolean): void => {
    const heldBack: { readonly at: number; readonly chunk: Buffer }[] = [];
    const release = () => {
      for (let first = heldBack[0]; first !== undefined; [first] = heldBack) {
        const waitMs = first.at - performance.now();
        if (waitMs > 0) return void setTimeout(release, waitMs);
        to.write(first.chunk);
        heldBack.shift();
      }
    };
    from.on('data', (chunk) => {
      if (silent || frozen.has(from)) return;
      if (fromRelay && cutIn !== null) {
        const last = chunk.length >= cutIn;
        if (last) {
          // The other end must still get this much: it is not broken, only ended.
          frozen.add(from);
          to.end(chunk.subarray(0, cutIn));
          from.destroy();
        } else to.write(chunk);
        cutIn = last ? null : cutIn - chunk.length;
        return;
      }
      // What is held back is never overtaken by what comes when the line is quicker again.
      heldBack.push({ at: performance.now() + heldBackMs, chunk });
      if (heldBack.length === 1) release();
    });
    from.on('close', () => {
      open.delete(from);
      if (!silent && !frozen.delete(from)) to.destroy();
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
    carry(near, far, false);
    carry(far, near, true);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    get carried() {
      return carried;
    },
    cut,
    cutAfter(bytes) {
      cutIn = bytes;
    },
    close() {
      for (const socket of open) socket.end();
    },
    freeze() {
      for (const socket of open) frozen.add(socket);
    },
    delay(ms) {
      heldBackMs = ms;
    },
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
