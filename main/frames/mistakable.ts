import { frameDoubt } from '#protocol/look/frame-doubts.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { areAlike } from './name-likeness.ts';

/** By their names, or by marks that administrators gave who do not know of the other client. */
export function areMistakable(one: WorkspaceFrame, other: WorkspaceFrame): boolean {
  const alike = areAlike(one.name, other.name);
  return alike || frameDoubt(one, [{ ...other, alike }]) !== null;
}
