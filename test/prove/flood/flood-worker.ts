// One flood in a thread of its own, so that it does not take the time of the session that is measured beside it.
import { parentPort, workerData } from 'node:worker_threads';
import { attacks } from './attacks.ts';
import type { AttackName } from './attacks.ts';
import type { FloodGround } from './flood-ground.ts';

export interface FloodOrder {
  readonly attack: AttackName;
  readonly ground: FloodGround;
  readonly scale: number;
}

// Given by `flood` in prove-flood.ts alone.
const { attack, ground, scale } = workerData as FloodOrder;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage(await attacks[attack](ground, scale));
