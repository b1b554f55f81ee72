// Consoles that were let in and have not said `hello` yet: whose each is, and which came first.
import type { EntryId } from '#protocol/ids.ts';
import { Handshakes } from '../limits/handshakes.ts';
import { SOCKETS } from '../limits/limits.ts';
import type { Seat, Viewer } from './seats.ts';

type Arrival = Pick<Seat, 'viewer' | 'arrival'>;

export class Arrivals {
  readonly #handshakes: Handshakes;
  readonly #waiting = new Map<WebSocket, Arrival>();
  #came = 0;

  constructor(options: { readonly timeoutMs: number; readonly onLate: (socket: WebSocket) => void }) {
    this.#handshakes = new Handshakes({ ...options, maxWaiting: SOCKETS.waitingTerminals });
  }

  hasRoom(): boolean {
    return this.#handshakes.hasRoom();
  }

  begin(socket: WebSocket, viewer: Viewer): void {
    this.#handshakes.begin(socket);
    this.#came += 1;
    this.#waiting.set(socket, { viewer, arrival: this.#came });
  }

  /** It said `hello`, or is gone. Null: it was not waiting. */
  done(socket: WebSocket): Arrival | null {
    const arrival = this.#waiting.get(socket) ?? null;
    this.#waiting.delete(socket);
    return this.#handshakes.done(socket) ? arrival : null;
  }

  all(): WebSocket[] {
    return [...this.#waiting.keys()];
  }

  of(entryId: EntryId): WebSocket[] {
    return this.all().filter((socket) => this.#waiting.get(socket)?.viewer.entryId === entryId);
  }
}
