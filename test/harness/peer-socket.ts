import { once } from 'node:events';
import { WebSocket } from 'ws';
import { errorOfCloseCode, errors } from '#protocol/errors.ts';
import type { ErrorCode } from '#protocol/errors.ts';

/** The relay said no, for good. */
export class PeerRefused extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode) {
    super(`${code}: ${errors[code].text}`);
    this.name = 'PeerRefused';
    this.code = code;
  }
}

export interface PeerSocketEvents {
  text(message: string): void;
  bytes(message: Uint8Array): void;
  /** Once. Null: the network, or the relay went away. */
  closed(code: ErrorCode | null): void;
}

/**
 * A console's socket to the relay, with its token in the Authorization header.
 * @throws Error when there is no relay to connect to; a refusal comes as `closed`
 */
export async function openPeerSocket(
  url: string,
  token: string,
  events: PeerSocketEvents,
): Promise<WebSocket> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), {
    headers: { Authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  });
  socket.on('message', (data, isBinary) => {
    const bytes = Buffer.isBuffer(data)
      ? data
      : data instanceof ArrayBuffer
        ? Buffer.from(data)
        : Buffer.concat(data);
    if (isBinary) events.bytes(bytes);
    else events.text(bytes.toString('utf8'));
  });
  await once(socket, 'open');
  // A cut line tells itself by `close` as well.
  socket.on('error', () => {});
  socket.on('close', (code) => events.closed(errorOfCloseCode(code)));
  return socket;
}

/** May the peer come back by itself after this? */
export function isPassing(code: ErrorCode | null): boolean {
  return code === null || errors[code].retryable;
}
