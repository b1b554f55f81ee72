// An organization's partition with the identity proxy behind it. Made once a run and kept: a window that
// opens again finds the same one, so that ending an old sign-in and asking for a new one stay in order.
import { join } from 'node:path';
import { session } from 'electron';
import type { OrgId } from '#protocol/ids.ts';
import { ClientToken, type SecretBox } from '../identity/client-token.ts';
import { PinnedTokens } from '../identity/pinned-tokens.ts';
import { WorkspaceIdentity } from '../identity/workspace-identity.ts';
import type { Log } from '../log.ts';
import { setUpPartition } from './partition.ts';
import { identityPartitionName, partitionName } from './partition-name.ts';
import type { RelayOrigins } from './relay-origins.ts';

export interface WorkspacePartition {
  readonly name: string;
  readonly identity: WorkspaceIdentity;
  /** Leaves nothing of it on this computer: what its page kept, and the device's token. */
  readonly forget: () => Promise<void>;
}

export interface WorkspacePartitionOptions {
  readonly frontendApi: string;
  readonly relay: RelayOrigins;
  readonly rendererRoot: string;
  /** Folder for sealed client tokens. */
  readonly identityFolder: string;
  readonly secretBox: SecretBox | null;
  /** Monotonic. */
  readonly nowMs: () => number;
  readonly log: Log;
}

/** @returns a function that gives each organization its one partition */
export function workspacePartitions(
  options: WorkspacePartitionOptions,
): (orgId: OrgId) => WorkspacePartition {
  const made = new Map<OrgId, WorkspacePartition>();
  return (orgId) => {
    const before = made.get(orgId);
    if (before !== undefined) return before;
    const partition = makeWorkspacePartition(orgId, options);
    made.set(orgId, partition);
    return partition;
  };
}

function makeWorkspacePartition(orgId: OrgId, options: WorkspacePartitionOptions): WorkspacePartition {
  const { frontendApi, relay, rendererRoot, identityFolder, secretBox, nowMs, log } = options;
  const identityPartition = identityPartitionName(orgId);
  const outward = session.fromPartition(identityPartition, { cache: false });
  const clientToken = new ClientToken(join(identityFolder, `${identityPartition}.json`), secretBox);
  const identity = new WorkspaceIdentity({
    orgId,
    frontendApi,
    fetch: (url, init) => outward.fetch(url, init),
    clientToken,
    tokens: new PinnedTokens(nowMs),
    log,
  });
  const name = partitionName(orgId);
  const partition = setUpPartition({
    name,
    surface: 'workspace',
    rendererRoot,
    log,
    identity: (request) => identity.handle(request),
    relay: { origins: relay, token: () => identity.token() },
  });
  const forget = async () => {
    await identity.endSignIn();
    clientToken.forget();
    await partition.clearStorageData();
  };
  return { name, identity, forget };
}
