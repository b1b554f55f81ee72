// Remembers, on this computer, the last signed checkpoint of the client's record, and compares it whenever the
// relay is reached again and every minute while it is. A record that was cut or changed stays told: what was
// seen is not forgotten for what is shown instead.
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { compare, LastSeen, sizeSeen } from '#protocol/evidence/last-seen.ts';
import type { Comparison } from '#protocol/evidence/last-seen.ts';
import type { AnySha256 } from '#protocol/evidence/merkle-tree.ts';
import type { OrgId } from '#protocol/ids.ts';
import type { Call } from './relay-client.ts';
import type { Timers } from './socket.ts';

const LOOK_EVERY_MS = 60_000;
/** A record whose first events are not signed yet: they are within 10 s. */
const FIRST_SIGNED_MS = 11_000;
const STORED_AS = 'caisey.last-checkpoint';

export type RecordTrouble = Exclude<Comparison, { kind: 'consistent' }>;

export interface RecordWatchOptions {
  readonly orgId: OrgId;
  readonly call: Call;
  readonly timers: Timers;
  /** Of this client's partition alone. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly sha256: AnySha256;
}

export class RecordWatch {
  /** Null: nothing to say. */
  readonly trouble: StoreApi<RecordTrouble | null> = createStore<RecordTrouble | null>(() => null);
  readonly #options: RecordWatchOptions;
  #reached = false;
  #looking = false;
  #stopTimer: () => void = () => undefined;

  constructor(options: RecordWatchOptions) {
    this.#options = options;
  }

  /** Is the workspace entered and its relay there? */
  reached(reached: boolean): void {
    if (reached === this.#reached) return;
    this.#reached = reached;
    this.#stopTimer();
    if (reached) void this.#look();
  }

  async #look(): Promise<void> {
    this.#lookIn(LOOK_EVERY_MS);
    // What is remembered must not change between asking and comparing.
    if (this.#looking) return;
    this.#looking = true;
    try {
      const lastSeen = this.#read();
      const outcome = await this.#options.call('audit.checkpoint', { lastSeenSize: sizeSeen(lastSeen) });
      if (!outcome.ok) return;
      const found = await compare(this.#options.sha256, this.#options.orgId, lastSeen, outcome.result);
      if (found.kind !== 'consistent') return this.trouble.setState(found, true);
      this.trouble.setState(null, true);
      if (found.lastSeen === null) this.#lookIn(FIRST_SIGNED_MS);
      else this.#options.storage.setItem(STORED_AS, JSON.stringify(found.lastSeen));
    } finally {
      this.#looking = false;
    }
  }

  #lookIn(ms: number): void {
    this.#stopTimer();
    if (this.#reached) this.#stopTimer = this.#options.timers.after(ms, () => void this.#look());
  }

  #read(): LastSeen | null {
    try {
      const parsed = LastSeen.safeParse(JSON.parse(this.#options.storage.getItem(STORED_AS) ?? 'null'));
      return parsed.success ? parsed.data : null;
    } catch {
      return null;
    }
  }
}
