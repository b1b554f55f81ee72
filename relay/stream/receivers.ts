// The way out to receivers. On bare workerd it is a network of its own (`RECEIVERS`, local/relay/workerd-config.ts) that
// refuses addresses inside the operator's network by what a name resolves to, so no name leads there by a detour; on
// Cloudflare, which has no such network behind it, it is the runtime's own.
import { connect } from 'cloudflare:sockets';
import type { Env } from '../config.ts';

export interface Receivers {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly connect: (host: string, port: number) => Socket;
}

/** Half open: what the receiver says after our end is its answer. */
const TLS: SocketOptions = { secureTransport: 'on', allowHalfOpen: true };

export function receiversOf({ RECEIVERS: network }: Env): Receivers {
  if (network === undefined || network === null) {
    return {
      fetch: (url, init) => fetch(url, init),
      connect: (hostname, port) => connect({ hostname, port }, TLS),
    };
  }
  return {
    fetch: (url, init) => network.fetch(url, init),
    connect: (host, port) => network.connect(`${host}:${port}`, TLS),
  };
}
