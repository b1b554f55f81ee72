import type { Log } from '../../build/command-line.ts';
import type { ProvenRelay } from './relay/proven-relay.ts';

export interface ProveRun {
  /** Progress, for people. */
  readonly log: Log;
  /** Aborted by Ctrl+C: what the part started must stop. */
  readonly signal: AbortSignal;
  /** Few organizations, small numbers. */
  readonly quick: boolean;
  /** How many, where they are not the usual numbers. */
  readonly organizations?: number;
  readonly tokensOfAClass?: number;
  /** The relay under proof, started when it is first asked for; parts that kill what they test start their own. */
  readonly relay: () => Promise<ProvenRelay>;
}

export interface PartReport {
  /** What must never happen and did, one sentence each. Empty: the part held. */
  readonly breaches: readonly string[];
  /** One line for people: what was tried, how often, with which outcome. */
  readonly summary: string;
  /** For the JSON report. */
  readonly figures: Readonly<Record<string, unknown>>;
}

/** One part of `npm run prove`. */
export interface ProvePart {
  readonly name: string;
  readonly says: string;
  /** Part of a run without options. */
  readonly byDefault: boolean;
  readonly run: (run: ProveRun) => Promise<PartReport>;
}
