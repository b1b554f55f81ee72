// The Workspace object, one an organization: holds its machines, entries, attempts, sessions, runbooks
// and audit, and the sockets of its consoles and agents. It only composes; each part has its own file.
// Sockets hibernate: what they proved is in their attachments, what must happen later is in table `due`.
import { DurableObject } from 'cloudflare:workers';
import type { EntryId } from '#protocol/ids.ts';
import { BEAT, BEAT_ANSWER } from '#protocol/control/heartbeat.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import { headHolds } from '../audit/tree-store.ts';
import { readAdmission } from '../auth/admission.ts';
import { homeOf, settle } from '../auth/home-organization.ts';
import type { VerifiedOrg } from '../auth/verified-org.ts';
import { readConfig } from '../config.ts';
import type { Env } from '../config.ts';
import { TokenBucket } from '../limits/token-bucket.ts';
import { log, messageOf } from '../log.ts';
import { refuseUpgrade } from '../routes/refuse-upgrade.ts';
import { dueUntil, nextDueAt, performDue } from '../storage/due.ts';
import type { Due } from '../storage/due.ts';
import { receiversOf } from '../stream/receivers.ts';
import { StreamDelivery } from '../stream/stream-delivery.ts';
import { migrate } from '../storage/migrate.ts';
import { workspaceMigrations } from '../storage/workspace-migrations.ts';
import { act } from './act.ts';
import { AgentPresence } from './agent-presence.ts';
import { challengeAgent, onAgentClosed, onAgentMessage } from './agent-messages.ts';
import { AGENT_TAG, agentState, closeAgent, machineTag } from './agent-sockets.ts';
import { recordQuery } from './attempts.ts';
import { onConsoleMessage, recordDenied } from './console-messages.ts';
import { closeConsole, consoleState, CONSOLE_TAG, setConsoleState } from './console-sockets.ts';
import type { WorkspaceContext } from './context.ts';
import { DirectoryPatches } from './directory-patches.ts';
import { enrollMachine } from './enrollment.ts';
import { entryById } from './entry-row.ts';
import { barredCode } from './barred.ts';
import { noteActivity } from './entry-limits.ts';
import { noteVanished } from './entry-watch.ts';
import { tellChange } from './machine-list.ts';
import { keyThumbprint, storedMachine } from './machines.ts';
import { PendingSearches } from './pending-searches.ts';
import type { Search } from './pending-searches.ts';
import { Probes } from './probes.ts';
import { changeMemberRole, revokeAccess } from './revoke-access.ts';
import { recordReports } from './session-reports.ts';
import { sessionGraceMs } from './running-sessions.ts';
import { storedSession } from './session-rows.ts';
import { admitToTerminal } from './sessions.ts';
import { SocketLimits } from './socket-limits.ts';
import { checkTokens, nextTokenCheckAt } from './token-challenges.ts';
import type { WorkspaceCalls } from './workspace-calls.ts';

const DEAD_CODES_BURST = 20;
const DEAD_CODES_PER_SECOND = 0.5;

export class Workspace extends DurableObject<Env> implements WorkspaceCalls {
  readonly #limits: SocketLimits;
  readonly #deadCodes = new TokenBucket(DEAD_CODES_BURST, DEAD_CODES_PER_SECOND, Date.now);
  #context: WorkspaceContext | null = null;
  #stream: StreamDelivery | null = null;
  #alarmAt: number | null = null;
  #dueRun: Promise<void> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, workspaceMigrations);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(BEAT, BEAT_ANSWER));
    const { rateLimitScale, handshakeTimeoutMs } = readConfig(env);
    this.#limits = new SocketLimits({
      rateLimitScale,
      handshakeTimeoutMs,
      now: Date.now,
      sockets: (tag) => ctx.getWebSockets(tag),
    });
  }

  // ---- from the worker, which verified the caller

  override async fetch(request: Request): Promise<Response> {
    const admission = readAdmission(request);
    const { 0: client, 1: server } = new WebSocketPair();
    if (admission.kind === 'console') {
      const context = this.#at(admission.person.org);
      const { sid } = admission.person;
      const refusal = this.#limits.refusalOfConsole(sid);
      if (refusal !== null) return refuseUpgrade(request, refusal);
      this.#limits.consoleHandshakes.begin(server, sid);
      this.ctx.acceptWebSocket(server, [CONSOLE_TAG]);
      setConsoleState(server, { ...admission, entryId: null, challenged: false });
      const barred = barredCode(context, admission.person);
      if (barred !== null) closeConsole(server, barred);
    } else if (admission.kind === 'agent') {
      const context = this.#at(admission.org);
      const refusal = this.#limits.refusalOfAgent(admission.machineId);
      if (refusal !== null) return refuseUpgrade(request, refusal);
      const machine = storedMachine(context, admission.machineId);
      this.ctx.acceptWebSocket(server, [AGENT_TAG, machineTag(admission.machineId)]);
      if (machine === null || keyThumbprint(machine.public_key) !== admission.keyThumbprint) {
        closeAgent(server, 'credential_invalid');
      } else challengeAgent(context, server, admission.machineId);
    } else throw new Error('This socket is not a workspace’s.');
    this.#arm();
    return new Response(null, { status: 101, webSocket: client });
  }

  async recordDenied(...[person, ip, verb, code]: Parameters<WorkspaceCalls['recordDenied']>): Promise<void> {
    // Refused for its pace alone: a line each would be the flood.
    if (code !== 'rate_limited') recordDenied(this.#at(person.org), person, ip, verb, code);
  }

  async enroll(...[org, call]: Parameters<WorkspaceCalls['enroll']>): ReturnType<WorkspaceCalls['enroll']> {
    const enrolled = enrollMachine(this.#at(org), call);
    // An open code always gets through: only those who present dead ones wait.
    return enrolled.ok || this.#deadCodes.take() ? enrolled : { ok: false, code: 'rate_limited' };
  }

  async revoke(...[org, who, opId]: Parameters<WorkspaceCalls['revoke']>): Promise<number> {
    return revokeAccess(this.#at(org), who, opId);
  }

  async changeRole(
    ...[org, userId, role, at, opId]: Parameters<WorkspaceCalls['changeRole']>
  ): Promise<void> {
    const context = this.#at(org);
    if (role === null) revokeAccess(context, { userId, at }, opId);
    else changeMemberRole(context, userId, role, at);
  }

  async noteInput(...[org, sessionId]: Parameters<WorkspaceCalls['noteInput']>): Promise<void> {
    const context = this.#at(org);
    const session = storedSession(context, sessionId);
    const entry = session === null ? null : entryById(context, session.entry_id);
    if (entry !== null && entry.ended_at === null) noteActivity(context, entry);
  }

  async sessionGraceMs(org: VerifiedOrg): Promise<number> {
    return sessionGraceMs(this.#at(org));
  }

  async admitToTerminal(
    ...[person, machineId, sessionId]: Parameters<WorkspaceCalls['admitToTerminal']>
  ): ReturnType<WorkspaceCalls['admitToTerminal']> {
    const context = this.#at(person.org);
    const refusal = this.#limits.refusalOfTerminal(person.sid);
    return refusal ?? admitToTerminal(context, person, machineId, sessionId);
  }

  async recordSession(
    ...[org, sessionId, reports]: Parameters<WorkspaceCalls['recordSession']>
  ): ReturnType<WorkspaceCalls['recordSession']> {
    const commands = recordReports(this.#at(org), sessionId, reports);
    this.#arm();
    return commands;
  }

  // ---- from sockets and the clock

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    // A peer that does not answer our close may still send: what was closed is heard no more.
    if (socket.readyState !== WebSocket.OPEN) return;
    const context = this.#home();
    if (this.#limits.holdsBack(socket, data)) return;
    try {
      if (consoleState(socket) !== null) {
        await onConsoleMessage(context, socket, data);
        if (consoleState(socket)?.entryId !== null) this.#limits.consoleHandshakes.done(socket);
      } else await onAgentMessage(context, socket, data);
    } catch (error) {
      log('workspace.message_failed', { org: context.org, error: messageOf(error) });
      this.#close(socket, 'internal');
    }
    this.#arm();
  }

  override async webSocketClose(socket: WebSocket, code: number, reason: string): Promise<void> {
    this.#gone(socket);
    // Codes that may not be sent back: 1005 and 1006 mean that there was none.
    const mayBeSent = code >= 3000 && code < 5000;
    socket.close(mayBeSent ? code : 1000, reason);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#gone(socket);
  }

  override async alarm(): Promise<void> {
    this.#alarmAt = null;
    if (homeOf(this.ctx.storage.sql) === null) return;
    await this.#runDue(this.#home());
    this.#arm();
  }

  // ---- within

  /** The context of this organization; throws for any but the object's own. */
  #at(org: VerifiedOrg): WorkspaceContext {
    settle(this.ctx.storage.sql, org);
    return this.#home();
  }

  #home(): WorkspaceContext {
    if (this.#context !== null) return this.#context;
    const org = homeOf(this.ctx.storage.sql);
    if (org === null) throw new Error('This workspace has no organization yet.');
    const now = (): number => Date.now();
    const context: WorkspaceContext = {
      org,
      env: this.env,
      config: readConfig(this.env),
      storage: this.ctx.storage,
      sql: this.ctx.storage.sql,
      sockets: (tag) => this.ctx.getWebSockets(tag),
      lastBeatAt: (socket) => this.ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? null,
      now,
      random: (bytes) => crypto.getRandomValues(bytes),
      background: (task) => {
        const done = task().catch((error: unknown) => {
          log('workspace.background_failed', { org, error: messageOf(error) });
        });
        this.ctx.waitUntil(done);
      },
      // Once the transaction is over that the event is part of.
      onUnsigned: () => queueMicrotask(() => this.#arm()),
      runDueNow: () => context.background(() => this.#runDue(context)),
      receivers: receiversOf(this.env),
      pendingSearches: new PendingSearches((entryId, search) => this.#settleSearch(entryId, search)),
      probes: new Probes(now),
      presence: new AgentPresence(),
      agentHandshakes: this.#limits.agentHandshakes,
      directory: new DirectoryPatches(crypto.randomUUID(), (change) => tellChange(context, change)),
    };
    this.#context = context;
    if (!headHolds(context.sql)) log('audit.damaged', { org });
    return context;
  }

  #settleSearch(entryId: EntryId, search: Search): void {
    const context = this.#home();
    const entry = entryById(context, entryId);
    if (entry !== null && entry.ended_at === null) recordQuery(context, entry, search);
    this.#arm();
  }

  /** One run at a time; a request during a run is served by that run's next round. */
  async #runDue(context: WorkspaceContext): Promise<void> {
    const before = this.#dueRun;
    const run = (async () => {
      await before;
      checkTokens(context);
      context.presence.look(context);
      // At once: an object that answers late holds up nothing but its own.
      await Promise.all(dueUntil(context.sql, context.now()).map((due) => this.#perform(context, due)));
      this.#arm();
    })();
    this.#dueRun = run.catch(() => undefined);
    return run;
  }

  async #perform(context: WorkspaceContext, due: Due): Promise<void> {
    try {
      await performDue(context.sql, due, context.now(), () =>
        act(context, due, () => (this.#stream ??= new StreamDelivery(context))),
      );
    } catch (error) {
      log('workspace.due_failed', { org: context.org, kind: due.kind, error: messageOf(error) });
    }
  }

  #gone(socket: WebSocket): void {
    this.#limits.consoleHandshakes.done(socket);
    const context = this.#home();
    const entryId = consoleState(socket)?.entryId ?? null;
    const entry = entryId === null ? null : entryById(context, entryId);
    if (entry !== null) noteVanished(context, entry);
    this.#limits.agentHandshakes.done(socket);
    const agent = agentState(socket);
    if (agent !== null) onAgentClosed(context, agent);
    this.#arm();
  }

  #close(socket: WebSocket, code: ErrorCode): void {
    if (consoleState(socket) === null) closeAgent(socket, code);
    else closeConsole(socket, code);
  }

  /** Set the one alarm to the earliest thing to do. */
  #arm(): void {
    const times = [nextDueAt(this.ctx.storage.sql)];
    const context = this.#context;
    if (context !== null) times.push(nextTokenCheckAt(context), context.presence.nextLookAt(context));
    const known = times.filter((time) => time !== null);
    if (known.length === 0) return;
    const at = Math.max(Math.min(...known), Date.now());
    if (this.#alarmAt !== null && this.#alarmAt <= at && this.#alarmAt > Date.now()) return;
    this.#alarmAt = at;
    this.ctx.waitUntil(this.ctx.storage.setAlarm(at));
  }
}
