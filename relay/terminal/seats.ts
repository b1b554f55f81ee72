// Who sits before a session: the one stay that has the keyboard, and those who look on. What one may do follows from
// the session's stored typist alone, never from what a console says.
import type { EntryId, UserId } from '#protocol/ids.ts';
import type { Person } from '#protocol/records.ts';
import { SOCKETS } from '../limits/limits.ts';
import type { ConsoleLink } from './console-link.ts';
import type { SessionStore } from './session-store.ts';
import type { Typist } from './terminal-calls.ts';

export interface Viewer {
  readonly entryId: EntryId;
  readonly userId: UserId;
  readonly name: string;
  /** Its role can have a keyboard. */
  readonly mayType: boolean;
}

export interface Seat {
  readonly link: ConsoleLink;
  readonly viewer: Viewer;
  /** Its socket's place among all that came. */
  readonly arrival: number;
  /** It had the keyboard and lost it. What comes may be from before: once it has it again, it says that it has heard. */
  mustHear: boolean;
}

export class Seats {
  readonly #store: SessionStore;
  readonly #seats = new Map<WebSocket, Seat>();

  constructor(store: SessionStore) {
    this.#store = store;
  }

  /** The attached console that has the keyboard. */
  get typist(): Seat | null {
    return this.#store.exists ? this.#find((seat) => this.types(seat)) : null;
  }

  all(): Seat[] {
    return [...this.#seats.values()];
  }

  at(socket: WebSocket): Seat | null {
    return this.#seats.get(socket) ?? null;
  }

  of(entryId: EntryId): Seat | null {
    return this.#find(({ viewer }) => viewer.entryId === entryId);
  }

  types({ viewer }: Seat): boolean {
    return viewer.mayType && viewer.entryId === this.#store.record.typist_entry;
  }

  hasRoom(toType: boolean): boolean {
    return toType || this.#seats.size < SOCKETS.watchersOfSession;
  }

  take(socket: WebSocket, seat: Seat): Seat {
    this.#seats.set(socket, seat);
    return seat;
  }

  leave(seat: Seat): void {
    for (const [socket, other] of this.#seats) if (other === seat) this.#seats.delete(socket);
  }

  /** The keyboard is this stay's from here on. @returns the attached console that had it */
  handOver({ entryId, userId, name }: Typist): Seat | null {
    const before = this.typist;
    this.#store.update({
      typist_entry: entryId,
      typist_user: userId,
      typist_name: name,
      typist_turn: this.#store.record.typist_turn + 1,
    });
    if (before !== null) before.mustHear = true;
    return before;
  }

  /**
   * The typist speaks, and names the turn that it knows of (undefined: it never does). False: it has not heard yet that
   * the keyboard is its own again, and what it says is from before.
   */
  hears(seat: Seat, turn: number | undefined): boolean {
    const { typist_turn: present } = this.#store.record;
    if ((turn ?? present) === present) seat.mustHear = false;
    return !seat.mustHear;
  }

  /** @param inputOffsetBytes where the typist's input continues, when it was another's before; null otherwise */
  tell(inputOffsetBytes: number | null): void {
    const { typist_user: userId, typist_name: name, typist_turn: turn } = this.#store.record;
    const away = this.typist === null;
    const watchers: Person[] = this.all()
      .filter((seat) => !this.types(seat))
      .map(({ viewer }) => ({ userId: viewer.userId, name: viewer.name }));
    for (const seat of this.#seats.values()) {
      const types = this.types(seat);
      seat.link.send({
        type: 'people',
        mode: types ? 'type' : 'watch',
        typist: { userId, name },
        away,
        watchers,
        turn,
        ...(types && inputOffsetBytes !== null ? { inputOffsetBytes } : {}),
      });
    }
  }

  #find(isIt: (seat: Seat) => boolean): Seat | null {
    return this.all().find(isIt) ?? null;
  }
}
