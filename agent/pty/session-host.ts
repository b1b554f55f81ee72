// The sessions of this machine: started when the workspace asks, each outliving its data sockets.
// One without a socket asks for a ticket until it has one; one that is over stays until its last words
// are stored, or have waited long enough.
import { backoffMs } from '#protocol/backoff.ts';
import type { AgentToWorkspace } from '#protocol/control/agent-to-workspace.ts';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import { errors } from '#protocol/errors.ts';
import type { SessionId } from '#protocol/ids.ts';
import { routeUrl } from '#protocol/routes.ts';
import type { Clock } from '../clock.ts';
import { openRelaySocket, type RelaySocket, type RelaySocketClosed } from '../control/relay-socket.ts';
import type { Log } from '../log.ts';
import type { PreparedShell } from '../shell-integration/shell-launch.ts';
import { startPty } from './pty-process.ts';
import { asksForSecret } from './terminal-echo.ts';
import { TerminalSession } from './terminal-session.ts';

export interface SessionHostOptions {
  readonly relayUrl: string;
  readonly user: string;
  readonly ringLimitBytes: number;
  readonly clock: Clock;
  readonly log: Log;
  prepareShell(): PreparedShell;
  /** To the workspace; false when it cannot be reached now. */
  send(message: AgentToWorkspace): boolean;
}

interface HostedSession {
  readonly session: TerminalSession;
  link: RelaySocket | null;
  failures: number;
  cancelTimer: (() => void) | null;
}

/** Asked for a ticket and heard nothing: ask again. */
const TICKET_PATIENCE_MS = 5000;
/** How long an ended session waits for the relay to take its last words. */
const LAST_WORDS_MS = 10 * 60_000;
const LAST_WORDS_AFTER_CLOSE_MS = 30_000;

/** The sessions of this machine, each with the data socket it has at the moment. */
export class SessionHost {
  readonly #options: SessionHostOptions;
  readonly #hosted = new Map<SessionId, HostedSession>();

  constructor(options: SessionHostOptions) {
    this.#options = options;
  }

  sessions(): readonly SessionId[] {
    return [...this.#hosted.keys()];
  }

  /** Starts a pty and connects it with the ticket. */
  open(sessionId: SessionId, ticket: string, size: TerminalSize): void {
    if (this.#hosted.has(sessionId)) {
      this.connect(sessionId, ticket);
      return;
    }
    const { clock, log, ringLimitBytes, user } = this.#options;
    let shell;
    let session;
    try {
      const prepared = this.#options.prepareShell();
      shell = prepared;
      session = new TerminalSession({
        clock,
        size,
        ringLimitBytes,
        user,
        shell: prepared.launch.file,
        markNonce: prepared.markNonce,
        start: (events) => startPty(prepared.launch, size, clock, events),
        asksForSecret: (terminal) => asksForSecret(terminal, clock),
        loaded: () => prepared.cleanUp(),
        cut: (reason) => this.#cut(sessionId, reason),
        settled: () => this.#forget(sessionId),
        exited: ({ exitCode, signal }) => {
          prepared.cleanUp();
          log('session.exited', { sessionId, exitCode, signal });
          clock.timer(LAST_WORDS_MS, () => this.#forget(sessionId));
        },
      });
    } catch (error) {
      shell?.cleanUp();
      const detail = (error instanceof Error ? error.message : 'unknown').slice(0, 500);
      log('session.failed', { sessionId, detail });
      this.#options.send({ type: 'session.failed', sessionId, detail });
      return;
    }
    this.#hosted.set(sessionId, { session, link: null, failures: 0, cancelTimer: null });
    log('session.started', { sessionId, pid: session.pid });
    this.connect(sessionId, ticket);
  }

  /** Opens the session's data socket; one that is still there is replaced. */
  connect(sessionId: SessionId, ticket: string): void {
    const hosted = this.#hosted.get(sessionId);
    if (hosted === undefined) return;
    const { relayUrl, clock, log } = this.#options;
    hosted.cancelTimer?.();
    hosted.link?.close();
    hosted.session.detach();
    const link = openRelaySocket(routeUrl(relayUrl, 'agentTerminal'), `Ticket ${ticket}`, clock, {
      opened: () => {
        log('session.connected', { sessionId });
        hosted.session.attach(link);
      },
      text: (text) => {
        hosted.failures = 0;
        hosted.session.receiveText(text);
      },
      bytes: (bytes) => hosted.session.receiveBytes(bytes),
      closed: (reason) => this.#lost(sessionId, hosted, reason),
    });
    hosted.link = link;
  }

  /** Ends the session's processes. */
  close(sessionId: SessionId): void {
    const hosted = this.#hosted.get(sessionId);
    if (hosted === undefined) return;
    hosted.session.end();
    this.#options.clock.timer(LAST_WORDS_AFTER_CLOSE_MS, () => this.#forget(sessionId));
  }

  /** The workspace can be reached (again): sessions without a socket ask for a ticket. */
  workspaceReached(): void {
    for (const [sessionId, hosted] of this.#hosted) {
      if (hosted.link === null) this.#askForTicket(sessionId, hosted);
    }
  }

  /** The machine woke up, or its network changed: lines that died meanwhile are noticed within seconds. */
  lineChanged(): void {
    for (const { link } of this.#hosted.values()) link?.probe();
  }

  /** Ends every session. What they started is gone within two seconds, as long as the process lives on. */
  dispose(): void {
    for (const sessionId of this.#hosted.keys()) this.#forget(sessionId);
  }

  #lost(sessionId: SessionId, hosted: HostedSession, reason: RelaySocketClosed): void {
    const { log, clock } = this.#options;
    hosted.link = null;
    hosted.session.detach();
    log('session.disconnected', { sessionId, code: reason.error, detail: reason.detail });
    if (reason.error !== null && !errors[reason.error].retryable) {
      this.#forget(sessionId);
      return;
    }
    const waitMs = backoffMs(hosted.failures, () => clock.random());
    hosted.failures += 1;
    hosted.cancelTimer?.();
    hosted.cancelTimer = clock.timer(waitMs, () => this.#askForTicket(sessionId, hosted));
  }

  #askForTicket(sessionId: SessionId, hosted: HostedSession): void {
    hosted.cancelTimer?.();
    // Not reachable: workspaceReached() asks as soon as it is.
    if (!this.#options.send({ type: 'ticket.request', sessionId })) return;
    hosted.cancelTimer = this.#options.clock.timer(TICKET_PATIENCE_MS, () =>
      this.#askForTicket(sessionId, hosted),
    );
  }

  #cut(sessionId: SessionId, reason: string): void {
    const hosted = this.#hosted.get(sessionId);
    if (hosted === undefined || hosted.link === null) return;
    hosted.link.close();
    this.#lost(sessionId, hosted, { error: null, detail: reason });
  }

  #forget(sessionId: SessionId): void {
    const hosted = this.#hosted.get(sessionId);
    if (hosted === undefined) return;
    this.#hosted.delete(sessionId);
    hosted.cancelTimer?.();
    hosted.session.dispose();
    hosted.link?.close();
    this.#options.log('session.forgotten', { sessionId });
  }
}
