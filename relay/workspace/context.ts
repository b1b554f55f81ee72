import type { Refusal } from '#protocol/errors.ts';
import type { VerbName, VerbResult } from '#protocol/control/verbs.ts';
import type { VerifiedOrg } from '../auth/verified-org.ts';
import type { Env, RelayConfig } from '../config.ts';
import type { Handshakes } from '../limits/handshakes.ts';
import type { AgentPresence } from './agent-presence.ts';
import type { DirectoryPatches } from './directory-patches.ts';
import type { PendingSearches } from './pending-searches.ts';
import type { Probes } from './probes.ts';
import type { Receivers } from '../stream/receivers.ts';

/** What every part of one Workspace object works with. */
export interface WorkspaceContext {
  readonly org: VerifiedOrg;
  readonly env: Env;
  readonly config: RelayConfig;
  readonly storage: DurableObjectStorage;
  readonly sql: SqlStorage;
  /** Sockets with this tag, hibernated ones too. */
  readonly sockets: (tag: string) => WebSocket[];
  /** Epoch ms of the last beat that the runtime answered on this socket, null before the first. */
  readonly lastBeatAt: (socket: WebSocket) => number | null;
  readonly now: () => number;
  readonly random: (bytes: Uint8Array) => void;
  /** Run `task` without holding up the caller; a failure is logged. */
  readonly background: (task: () => Promise<void>) => void;
  readonly onUnsigned: () => void;
  /** Run what is due now and set the alarm for the rest. */
  readonly runDueNow: () => void;
  /** Where the record is sent to. */
  readonly receivers: Receivers;
  readonly pendingSearches: PendingSearches;
  readonly probes: Probes;
  /** Tells consoles what changed in the directory. */
  readonly directory: DirectoryPatches;
  readonly presence: AgentPresence;
  /** Agents that have not proved their key. */
  readonly agentHandshakes: Handshakes;
}

/** What an answered verb returns. */
export type Outcome<V extends VerbName> = { readonly ok: true; readonly result: VerbResult<V> } | Refusal;
