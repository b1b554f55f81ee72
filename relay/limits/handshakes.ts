// Sockets that were let in and have not said what they are here for: how many there may be, and for how long.
// Kept by timers, which also keep the object awake: none of these sockets hibernates.

export interface HandshakeOptions {
  readonly timeoutMs: number;
  readonly maxWaiting: number;
  /** Of one caller; `maxWaiting` when left out. */
  readonly maxOfOne?: number;
  /** Its time is over. */
  readonly onLate: (socket: WebSocket) => void;
}

interface Waiting {
  readonly caller: string;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class Handshakes {
  readonly #options: HandshakeOptions;
  readonly #waiting = new Map<WebSocket, Waiting>();
  readonly #ofCaller = new Map<string, number>();

  constructor(options: HandshakeOptions) {
    this.#options = options;
  }

  get timeoutMs(): number {
    return this.#options.timeoutMs;
  }

  get size(): number {
    return this.#waiting.size;
  }

  sockets(): WebSocket[] {
    return [...this.#waiting.keys()];
  }

  /** Is there room for one more of this caller? */
  hasRoom(caller = ''): boolean {
    const { maxWaiting, maxOfOne = maxWaiting } = this.#options;
    return this.#waiting.size < maxWaiting && (this.#ofCaller.get(caller) ?? 0) < maxOfOne;
  }

  /** The clock of this socket starts. */
  begin(socket: WebSocket, caller = ''): void {
    const timer = setTimeout(() => {
      if (this.done(socket)) this.#options.onLate(socket);
    }, this.#options.timeoutMs);
    this.#waiting.set(socket, { caller, timer });
    this.#ofCaller.set(caller, (this.#ofCaller.get(caller) ?? 0) + 1);
  }

  /** It spoke, or is gone. False when it was not waiting. */
  done(socket: WebSocket): boolean {
    const waiting = this.#waiting.get(socket);
    if (waiting === undefined) return false;
    clearTimeout(waiting.timer);
    this.#waiting.delete(socket);
    const left = (this.#ofCaller.get(waiting.caller) ?? 1) - 1;
    if (left === 0) this.#ofCaller.delete(waiting.caller);
    else this.#ofCaller.set(waiting.caller, left);
    return true;
  }

  dispose(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    this.#ofCaller.clear();
  }
}
