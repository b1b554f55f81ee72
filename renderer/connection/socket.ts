// Sockets to the relay, as this folder uses them: passed in, so that its clients run without a window (and in
// tests without a network). Nothing here queues: what a client must not lose, it keeps and resends itself.
// The renderer never sets a token on a socket; main adds it to the upgrade.

export interface SocketHandlers {
  readonly opened: () => void;
  readonly text: (data: string) => void;
  readonly binary: (bytes: Uint8Array) => void;
  /** Once, whatever ended it. 1006: the network, or an upgrade that never happened. */
  readonly closed: (closeCode: number) => void;
}

export interface Socket {
  /** Ignored unless open: the client's state machine decides what a cut means. */
  readonly send: (data: string | Uint8Array<ArrayBuffer>) => void;
  /** No handler is called after this. */
  readonly close: () => void;
}

export type OpenSocket = (url: string, handlers: SocketHandlers) => Socket;

export interface Timers {
  readonly now: () => number;
  readonly after: (delayMs: number, run: () => void) => () => void;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
}
