// A line to one of the relay's sockets, one try at a time: a token, the upgrade, and the time that both may take. What
// still comes of a try that was given up is dropped. Whether and when it is tried again is its client's to say.
import { errorOfCloseCode } from '#protocol/errors.ts';
import { callError } from './call-error.ts';
import type { CallError } from './call-error.ts';
import type { OpenSocket, Socket, Timers } from './socket.ts';

export interface RelayLineOptions {
  /** ws or wss. */
  readonly url: string;
  readonly open: OpenSocket;
  readonly timers: Timers;
  /** See to it that the upgrade carries a token. Refused: the sign-in is gone, or cannot be reached (`offline`). */
  readonly getToken: (fresh: boolean) => Promise<{ ok: true } | { ok: false; offline: boolean }>;
  readonly opened: () => void;
  readonly text: (data: string) => void;
  readonly binary: (bytes: Uint8Array) => void;
  /** It did not come about, or is cut: as the relay said, else as far as it can be told. Not after `drop`. */
  readonly failed: (error: CallError) => void;
}

const OPEN_TIMEOUT_MS = 8_000;

export class RelayLine {
  readonly #options: RelayLineOptions;
  /** Raised whenever a try is given up. */
  #epoch = 0;
  #socket: Socket | null = null;
  #closing: CallError | null = null;
  #stopOpening: () => void = () => undefined;

  constructor(options: RelayLineOptions) {
    this.#options = options;
  }

  /** A new try, in place of the one before. @param freshToken the token of before was of no use */
  dial(freshToken: boolean): void {
    this.drop();
    const isCurrent = this.present();
    void this.#options.getToken(freshToken).then((token) => {
      if (!isCurrent()) return;
      if (token.ok) this.#openSocket(isCurrent);
      else this.#options.failed(callError(token.offline ? 'unavailable' : 'session_inactive'));
    });
  }

  /** Nothing is heard of it any more, not even its end. */
  drop(): void {
    this.#epoch += 1;
    this.#stopOpening();
    this.#closing = null;
    this.#socket?.close();
    this.#socket = null;
  }

  /** For work that takes its time: is the try of now still the present one? */
  present(): () => boolean {
    const epoch = this.#epoch;
    return () => epoch === this.#epoch;
  }

  /** The relay has answered: this try takes no longer than it may. */
  established(): void {
    this.#stopOpening();
  }

  /** The relay said why it is about to close. */
  closing(error: CallError): void {
    this.#closing = error;
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    this.#socket?.send(data);
  }

  #openSocket(isCurrent: () => boolean): void {
    const { url, open, timers, opened, text, binary, failed } = this.#options;
    this.#stopOpening = timers.after(OPEN_TIMEOUT_MS, () => {
      if (isCurrent()) failed(callError('unavailable'));
    });
    this.#socket = open(url, {
      opened: () => {
        if (isCurrent()) opened();
      },
      text: (data) => {
        if (isCurrent()) text(data);
      },
      binary: (bytes) => {
        if (isCurrent()) binary(bytes);
      },
      closed: (closeCode) => {
        if (isCurrent()) failed(this.#closing ?? callError(errorOfCloseCode(closeCode) ?? 'unavailable'));
      },
    });
  }
}
