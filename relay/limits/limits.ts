// Every limit of the relay in one place. Rates hold for each caller; `RATE_LIMIT_SCALE` multiplies them all.
import type { Rate } from './token-bucket.ts';

const RATES = {
  /** Requests of one sign-in, over all of its sockets. */
  calls: { burst: 200, perSecond: 50 },
  /** Answers `rate_limited` to one sign-in before its socket is closed. */
  refusals: { burst: 200, perSecond: 10 },
  /** Requests of a whole organization. Asked only for callers that used up half of their own. */
  organizationCalls: { burst: 2000, perSecond: 500 },
  /** New sockets of one sign-in: the workspace’s and each terminal’s, on a line that comes and goes. */
  consoleSockets: { burst: 300, perSecond: 5 },
  /** New control sockets of one machine, and its messages. */
  agentSockets: { burst: 20, perSecond: 0.5 },
  agentMessages: { burst: 400, perSecond: 100 },
  /** The same refused credential, presented again. */
  refusedCredential: { burst: 20, perSecond: 0.5 },
  /** Refused credentials from one address. */
  refusedAddress: { burst: 300, perSecond: 5 },
  /** Messages on one socket of a terminal: keys and acknowledgements, and output in frames of up to 64 KB. */
  terminalConsole: { burst: 2000, perSecond: 2000 },
  terminalAgent: { burst: 10_000, perSecond: 5000 },
  /** Questions on it whether the relay is there: one every five seconds, and some when a network changes. */
  terminalBeats: { burst: 60, perSecond: 2 },
  /** Facts of one session, two for a command: more than anyone types, a long paste of commands among it. */
  terminalFacts: { burst: 5000, perSecond: 100 },
} as const satisfies Record<string, Rate>;

export type Rates = Readonly<Record<keyof typeof RATES, Rate>>;

/** The rates, each times `scale`. */
export function scaledRates(scale: number): Rates {
  const scaled = (rate: Rate): Rate => ({
    burst: Math.max(1, rate.burst * scale),
    perSecond: rate.perSecond * scale,
  });
  return {
    calls: scaled(RATES.calls),
    refusals: scaled(RATES.refusals),
    organizationCalls: scaled(RATES.organizationCalls),
    consoleSockets: scaled(RATES.consoleSockets),
    agentSockets: scaled(RATES.agentSockets),
    agentMessages: scaled(RATES.agentMessages),
    refusedCredential: scaled(RATES.refusedCredential),
    refusedAddress: scaled(RATES.refusedAddress),
    terminalConsole: scaled(RATES.terminalConsole),
    terminalAgent: scaled(RATES.terminalAgent),
    terminalBeats: scaled(RATES.terminalBeats),
    terminalFacts: scaled(RATES.terminalFacts),
  };
}

/**
 * Bytes that may wait for a socket's peer to read. Sending has no backpressure: more of them closes the socket with
 * `reader_stalled`. A console that is honest about what it has drawn never has more than its credit waiting.
 */
export const UNREAD_MAX_BYTES = 2 * 1024 * 1024;

/** A whole body has to be there by then: the runtime gives up on slow headers, but waits for a body for ever. */
export const BODY_TIMEOUT_MS = 10_000;

/**
 * A session's recording ends here, and the session with it. Months of work print less; Cloudflare keeps 10 GB of an
 * object, and a machine of one's own has one disk for everybody.
 */
export const RECORDING_MAX_BYTES = 4 * 1024 ** 3;

/** Sockets at once. One more is refused with `rate_limited`; those that are open stay. */
export const SOCKETS = {
  /** Consoles of an organization that have not entered, and of one sign-in. */
  waitingConsoles: 512,
  waitingConsolesOfOne: 8,
  /** Consoles of an organization. */
  consoles: 2000,
  /** Control sockets that have not proved their key: more come back later, so that these are heard in time. */
  waitingAgents: 512,
  /** Control sockets of one machine: its own, and those that replace it. */
  agentsOfOne: 4,
  /** Sockets of a session that have not said `hello`, at either end. */
  waitingTerminals: 8,
  /** Consoles on one session, the typist's beside them. */
  watchersOfSession: 16,
  /** Requests of one isolate whose body is still coming: thousands of slow ones would slow down everything else. */
  bodies: 128,
} as const;
