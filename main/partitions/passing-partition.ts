// A partition for one sign-in that enters nothing: in memory, used once, without the relay.
import { session } from 'electron';
import { tokenInMemory } from '../identity/client-token.ts';
import { listOrganizations, type OrganizationsAnswer } from '../identity/list-organizations.ts';
import { PinnedTokens } from '../identity/pinned-tokens.ts';
import { WorkspaceIdentity } from '../identity/workspace-identity.ts';
import type { Log } from '../log.ts';
import { setUpPartition } from './partition.ts';
import { passingPartitionName } from './partition-name.ts';

export interface PassingPartition {
  readonly name: string;
  readonly identity: WorkspaceIdentity;
  /** Of whoever is signed in here. */
  readonly organizations: () => Promise<OrganizationsAnswer>;
}

export interface PassingPartitionOptions {
  /** Used for no other partition. */
  readonly id: string;
  readonly frontendApi: string;
  readonly rendererRoot: string;
  /** Monotonic. */
  readonly nowMs: () => number;
  readonly log: Log;
}

export function passingPartition(options: PassingPartitionOptions): PassingPartition {
  const { id, frontendApi, rendererRoot, nowMs, log } = options;
  const name = passingPartitionName(id);
  const outward = session.fromPartition(`identity-${name}`, { cache: false });
  const server = {
    frontendApi,
    fetch: (url: string, init: RequestInit) => outward.fetch(url, init),
    clientToken: tokenInMemory(),
  };
  const identity = new WorkspaceIdentity({ ...server, orgId: null, tokens: new PinnedTokens(nowMs), log });
  setUpPartition({
    name,
    surface: 'add',
    rendererRoot,
    log,
    identity: (request) => identity.handle(request),
    relay: null,
  });
  return { name, identity, organizations: () => listOrganizations(server) };
}
