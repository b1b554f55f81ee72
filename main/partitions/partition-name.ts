// Which Electron partition an organization lives in, and the fixed ones that belong to none.
// Electron lower-cases partition names and makes folders of them, so a raw Clerk id could meet another or
// leave its folder: the name is a digest.
import { createHash } from 'node:crypto';
import { OrgId } from '#protocol/ids.ts';

/** In memory: without `persist:` nothing reaches the disk. */
export const LAUNCHER_PARTITION = 'caisey-launcher';
export const PASTE_PARTITION = 'caisey-paste';

/** In memory, for one sign-in and never again. */
export function passingPartitionName(id: string): string {
  return `caisey-passing-${id}`;
}

/** @throws when the id is not an organization id; a caller that has one from a decoder never sees that */
export function partitionName(orgId: OrgId): string {
  return `persist:${digest(orgId)}`;
}

/** Main's own requests to the identity server: in memory, with no page in it. */
export function identityPartitionName(orgId: OrgId): string {
  return `identity-${digest(orgId)}`;
}

function digest(orgId: OrgId): string {
  return createHash('sha256').update(OrgId.parse(orgId)).digest('hex');
}
