// What changed in the directory, told to every console in one message for each stretch of time: 5,000 agents that
// come back at once are a few messages, not 5,000. Kept in memory alone: a relay that starts anew counts in a new
// epoch, and consoles that stood in the old one ask for the list again.
import type { MachineId } from '#protocol/ids.ts';
import type { DirectoryVersion } from '#protocol/records.ts';

const COLLECT_MS = 100;

export interface DirectoryChange {
  readonly from: DirectoryVersion;
  readonly seq: number;
  readonly machineIds: readonly MachineId[];
  readonly moved: boolean;
}

export class DirectoryPatches {
  readonly #epoch: string;
  readonly #tell: (change: DirectoryChange) => void;
  #seq = 0;
  #changed = new Set<MachineId>();
  #moved = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(epoch: string, tell: (change: DirectoryChange) => void) {
    this.#epoch = epoch;
    this.#tell = tell;
  }

  /** What a list that is read now may be behind of: at most changes that are still to be told. */
  get version(): DirectoryVersion {
    return { epoch: this.#epoch, seq: this.#seq };
  }

  /** @param moved it came, went or has another name */
  note(machineId: MachineId, moved: boolean): void {
    this.#changed.add(machineId);
    this.#moved ||= moved;
    this.#timer ??= setTimeout(() => this.#flush(), COLLECT_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  #flush(): void {
    const from = this.version;
    const change = { from, seq: from.seq + 1, machineIds: [...this.#changed], moved: this.#moved };
    this.#timer = null;
    this.#changed = new Set();
    this.#moved = false;
    this.#seq = change.seq;
    this.#tell(change);
  }
}
