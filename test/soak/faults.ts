import { setTimeout as delay } from 'node:timers/promises';
import type { SmallSystem } from '../harness/small-system.ts';
import type { Rig } from './rig.ts';

export type FaultKind =
  | 'console line reset'
  | 'agent line reset'
  | 'console line closed'
  | 'agent line closed'
  | 'console line cut in a frame'
  | 'slow lines'
  | 'console line half-open'
  | 'agent line half-open'
  | 'relay killed'
  | 'console killed';

/** How often each comes, against the others. Half-open lines take their time to be noticed, so they are rare. */
export const FAULT_WEIGHTS: Readonly<Record<FaultKind, number>> = {
  'console line reset': 28,
  'agent line reset': 24,
  'console line closed': 10,
  'agent line closed': 10,
  'console line cut in a frame': 14,
  'slow lines': 4,
  'console line half-open': 0.7,
  'agent line half-open': 0.7,
  'relay killed': 1.2,
  'console killed': 4,
};

const SLOW_MS = 120;
const SLOW_FOR_MS = 600;

/** `random`: 0 ≤ x < 1. */
export function pickFault(random: () => number): FaultKind {
  const kinds = Object.entries(FAULT_WEIGHTS) as [FaultKind, number][];
  let at = random() * kinds.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [kind, weight] of kinds) {
    at -= weight;
    if (at < 0) return kind;
  }
  return 'console line reset';
}

/** Resolves when the cause of the fault is over: from then on nothing is in the way any more. */
export async function strike(
  kind: FaultKind,
  rig: Rig,
  relay: RelayKiller,
  random: () => number,
): Promise<void> {
  switch (kind) {
    case 'console line reset':
      return rig.consoleLine.cut();
    case 'agent line reset':
      return rig.agentLine.cut();
    case 'console line closed':
      return rig.consoleLine.close();
    case 'agent line closed':
      return rig.agentLine.close();
    case 'console line cut in a frame':
      // Output never rests long: it is cut somewhere within the next frames.
      return rig.consoleLine.cutAfter(1 + Math.floor(random() * 3000));
    case 'slow lines':
      rig.consoleLine.delay(SLOW_MS * random());
      rig.agentLine.delay(SLOW_MS * random());
      await delay(SLOW_FOR_MS);
      rig.consoleLine.delay(0);
      return rig.agentLine.delay(0);
    case 'console line half-open':
      return rig.consoleLine.freeze();
    case 'agent line half-open':
      return rig.agentLine.freeze();
    case 'relay killed':
      return relay.restart();
    case 'console killed':
      return rig.killConsole();
  }
}

/** One relay for all rigs: whoever asks while it is down waits for the same start. */
export class RelayKiller {
  readonly #system: SmallSystem;
  #restarting: Promise<void> | null = null;

  constructor(system: SmallSystem) {
    this.#system = system;
  }

  restart(): Promise<void> {
    this.#restarting ??= this.#now().finally(() => {
      this.#restarting = null;
    });
    return this.#restarting;
  }

  /** Resolves when the relay runs. */
  async running(): Promise<void> {
    await this.#restarting;
  }

  async #now(): Promise<void> {
    await this.#system.killRelay();
    await this.#system.startRelayAgain();
  }
}
