// Round trips to agents: "reachable" means that one just succeeded, not that a socket looks open.
import type { MachineId } from '#protocol/ids.ts';

export const PROBE_TIMEOUT_MS = 3000;

interface Probe {
  readonly machineId: MachineId;
  readonly startedAt: number;
  readonly timer: ReturnType<typeof setTimeout>;
  readonly resolve: (roundTripMs: number | null) => void;
}

export class Probes {
  readonly #open = new Map<string, Probe>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * @param send sends the ping; false when the machine is offline
   * @returns milliseconds of the round trip, null when none came back in time
   */
  async probe(machineId: MachineId, probeId: string, send: () => boolean): Promise<number | null> {
    if (!send()) return null;
    const { promise, resolve } = Promise.withResolvers<number | null>();
    const timer = setTimeout(() => {
      this.#open.delete(probeId);
      resolve(null);
    }, PROBE_TIMEOUT_MS);
    this.#open.set(probeId, { machineId, startedAt: this.#now(), timer, resolve });
    return promise;
  }

  /** A machine answered. Answers to probes of other machines, and late ones, are ignored. */
  answered(machineId: MachineId, probeId: string): void {
    const probe = this.#open.get(probeId);
    if (probe === undefined || probe.machineId !== machineId) return;
    clearTimeout(probe.timer);
    this.#open.delete(probeId);
    probe.resolve(Math.max(0, this.#now() - probe.startedAt));
  }

  dispose(): void {
    for (const { timer, resolve } of this.#open.values()) {
      clearTimeout(timer);
      resolve(null);
    }
    this.#open.clear();
  }
}
