// The TerminalSession object, one a session: carries bytes between the agent's pty and the console with
// credit, records the output, and reports what happened to its Workspace. Sockets come and go; offsets
// and the stored row are what a session is. Killed, it goes on from what was committed.
import { DurableObject } from 'cloudflare:workers';
import type { ErrorCode } from '#protocol/errors.ts';
import type { Role, SessionEndReason } from '#protocol/records.ts';
import { readAdmission } from '../auth/admission.ts';
import { homeOf, settle } from '../auth/home-organization.ts';
import { nameOfSession, workspaceOf } from '../auth/routing.ts';
import type { VerifiedOrg } from '../auth/verified-org.ts';
import { readConfig } from '../config.ts';
import type { Env } from '../config.ts';
import { errors, isErrorCode, refuse } from '#protocol/errors.ts';
import { verbs } from '#protocol/control/verbs.ts';
import type { EntryId } from '#protocol/ids.ts';
import { isAnswer } from '#protocol/output/terminal-answers.ts';
import { scaledRates } from '../limits/limits.ts';
import { log, messageOf } from '../log.ts';
import { RecordingArchive } from '../recordings/recording-archive.ts';
import { RecordingMove } from '../recordings/recording-move.ts';
import { recordingStoreOf } from '../recordings/recording-store.ts';
import { dueUntil, nextDueAt, performDue, putDueOnce } from '../storage/due.ts';
import { migrate } from '../storage/migrate.ts';
import { terminalMigrations } from '../storage/terminal-migrations.ts';
import { AgentSide } from './agent-side.ts';
import { ConsoleSide } from './console-side.ts';
import { refuseConsole } from './console-link.ts';
import { windowFor } from './credit-window.ts';
import { Outbox } from './outbox.ts';
import { Recorder } from './recorder.ts';
import { SessionCommands } from './session-commands.ts';
import { SessionEnd } from './session-end.ts';
import { SessionStore } from './session-store.ts';
import type { SessionBirth, TerminalCalls, Typist } from './terminal-calls.ts';

const DELIVER_AGAIN_MS = 1000;
const INPUT_NOTED_EVERY_MS = 60_000;

export class TerminalSession extends DurableObject<Env> implements TerminalCalls {
  readonly #sql: SqlStorage;
  readonly #store: SessionStore;
  readonly #recorder: Recorder;
  readonly #archive: RecordingArchive;
  readonly #move: RecordingMove;
  readonly #commands: SessionCommands;
  readonly #outbox: Outbox;
  readonly #agent: AgentSide;
  readonly #console: ConsoleSide;
  readonly #ending: SessionEnd;
  #inputNotedAt = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, terminalMigrations);
    this.#sql = ctx.storage.sql;
    this.#store = new SessionStore(this.#sql);
    const { rateLimitScale, handshakeTimeoutMs, recordingMaxBytes } = readConfig(env);
    this.#recorder = new Recorder({
      storage: ctx.storage,
      maxBytes: recordingMaxBytes,
      now: () => Date.now(),
      onCommitted: () => {
        this.#store.writeInput();
        this.#flow();
      },
      onFailed: (error) => {
        this.#log('session.recording_failed', { error: messageOf(error) });
        this.#ending.finalize('recording_failed', null);
      },
    });
    this.#archive = new RecordingArchive({
      sql: this.#sql,
      store: recordingStoreOf(env),
      folder: () => {
        const { machine_id: machineId, session_id: sessionId } = this.#store.record;
        return nameOfSession(this.#org(), machineId, sessionId);
      },
    });
    this.#move = new RecordingMove({
      sql: this.#sql,
      archive: this.#archive,
      now: () => Date.now(),
      keptMs: () => readConfig(this.env).recordingKeptMs,
      onReleased: () => this.#console.closeAll(),
      onDamaged: () => this.#log('recording.damaged'),
    });
    this.#commands = new SessionCommands(this.#sql);
    this.#outbox = new Outbox({
      sql: this.#sql,
      deliver: (reports) =>
        this.#workspace().recordSession(this.#org(), this.#store.record.session_id, reports),
      onCommands: (commands) => this.#console.showCommands(commands),
    });
    const rates = scaledRates(rateLimitScale);
    this.#agent = new AgentSide({
      store: this.#store,
      recorder: this.#recorder,
      now: () => Date.now(),
      rate: rates.terminalAgent,
      beatRate: rates.terminalBeats,
      factRate: rates.terminalFacts,
      handshakeTimeoutMs,
      report: (report) => this.#report(report),
      onOutput: (offsetBytes, payload, frame) => {
        this.#console.output(offsetBytes, payload, frame);
        this.#flow();
      },
      onScreen: (picture) => this.#console.screen(picture),
      onConnected: (inputBytes) => {
        this.#ending.agentFound();
        this.#console.agentConnected(inputBytes);
        this.#flow();
      },
      onInputAck: (frame) => this.#console.inputAck(frame),
      onExited: (exitCode) => this.#ending.exited(exitCode),
      onLost: () => this.#ending.agentLost(),
      onMissing: () => this.#ending.finalize('recording_failed', null),
      onFull: () => {
        this.#log('session.recording_full', { bytes: recordingMaxBytes });
        this.#ending.finalize('recording_full', null);
      },
    });
    this.#console = new ConsoleSide({
      store: this.#store,
      recorder: this.#recorder,
      commands: this.#commands,
      now: () => Date.now(),
      rate: rates.terminalConsole,
      beatRate: rates.terminalBeats,
      handshakeTimeoutMs,
      agentConnected: () => this.#agent.connected,
      machineRoundTripMs: () => this.#agent.roundTripMs,
      requestScreen: () => this.#agent.requestScreen(),
      newTypist: () => this.#agent.newTypist(),
      onInput: (offsetBytes, payload, frame) => {
        if (!isAnswer(payload)) this.#noteInput();
        return this.#agent.input(offsetBytes, payload, frame);
      },
      onFlow: () => this.#flow(),
      onResized: (size) => this.#agent.resize(size),
    });
    this.#ending = new SessionEnd({
      storage: ctx.storage,
      store: this.#store,
      recorder: this.#recorder,
      move: this.#move,
      outbox: this.#outbox,
      agent: this.#agent,
      consoles: this.#console,
      now: () => Date.now(),
      usualGraceMs: () => readConfig(this.env).sessionGraceMs,
      policyGraceMs: () => this.#workspace().sessionGraceMs(this.#org()),
      onWork: () => {
        this.#deliver();
        this.#arm();
      },
    });
    // Connected when it was last written, and without a socket now: this object was killed in between.
    if (!this.#store.exists) return;
    if (this.#store.record.agent === 'connected') this.#ending.agentLost();
    this.#deliver();
  }

  // ---- from the Workspace

  async create(birth: SessionBirth): Promise<void> {
    settle(this.#sql, birth.org);
    if (this.#store.exists) return;
    try {
      this.ctx.storage.transactionSync(() => {
        this.#store.create(birth);
        this.#recorder.begin(birth.size);
      });
    } catch (error) {
      // What cannot be recorded does not start, here or when it is asked for again: nothing of it stays in memory.
      this.ctx.abort('recording_failed');
      throw error;
    }
  }

  async end(org: VerifiedOrg, reason: SessionEndReason): Promise<boolean> {
    settle(this.#sql, org);
    if (!this.#store.exists) return false;
    this.#ending.request(reason);
    return true;
  }

  async handOver(org: VerifiedOrg, typist: Typist): Promise<void> {
    settle(this.#sql, org);
    if (this.#store.exists) this.#console.handOver(typist);
  }

  async detach(...[org, entryId, code, forGood]: Parameters<TerminalCalls['detach']>): Promise<void> {
    settle(this.#sql, org);
    if (forGood) {
      this.#sql.exec('INSERT OR IGNORE INTO ended_entries (entry_id, code) VALUES (?, ?)', entryId, code);
    }
    this.#console.detach(entryId, code);
  }

  async readRecording(
    ...[org, cursor, sha256]: Parameters<TerminalCalls['readRecording']>
  ): ReturnType<TerminalCalls['readRecording']> {
    settle(this.#sql, org);
    this.#recorder.flush();
    const page = await this.#archive.page(cursor, sha256).catch((error: unknown) => {
      this.#log('recording.store_failed', { error: messageOf(error) });
      return refuse('unavailable');
    });
    if (!page.ok && page.code === 'recording_damaged') this.#log('recording.damaged');
    return page;
  }

  async eraseRecording(org: VerifiedOrg): Promise<void> {
    settle(this.#sql, org);
    if (!this.#store.exists) return;
    this.#commands.erase();
    this.#outbox.erase();
    await this.#move.erase();
  }

  // ---- from sockets and the clock

  override async fetch(request: Request): Promise<Response> {
    const admission = readAdmission(request);
    const { 0: client, 1: server } = new WebSocketPair();
    const answer = new Response(null, { status: 101, webSocket: client });
    server.binaryType = 'arraybuffer';
    server.accept();
    if (admission.kind === 'terminal-console') {
      settle(this.#sql, admission.person.org);
      const { entryId, person } = admission;
      const { userId, name, role } = person;
      const code = this.#store.exists ? this.#consoleFault(entryId) : 'not_found';
      if (code !== null) refuseConsole(server, code);
      else this.#console.accept(server, { entryId, userId, name, mayType: mayType(role) });
    } else if (admission.kind === 'terminal-agent') {
      settle(this.#sql, admission.org);
      const code = this.#ticketFault(admission.ticketId);
      if (code === null) this.#agent.accept(server);
      else server.close(errors[code].closeCode, code);
    } else throw new Error('This socket is not a terminal session’s.');
    return answer;
  }

  override async alarm(): Promise<void> {
    for (const due of dueUntil(this.#sql, Date.now())) {
      await performDue(this.#sql, due, Date.now(), () => this.#act(due.kind)).catch((error: unknown) => {
        this.#log('session.due_failed', { kind: due.kind, error: messageOf(error) });
      });
    }
    this.#arm();
  }

  // ---- within

  async #act(kind: string): Promise<void> {
    if (kind === 'deliver') await this.#outbox.drain();
    else if (kind === 'agent.grace') await this.#ending.checkGrace();
    else if (kind === 'end') this.#ending.overdue();
    else await this.#move.act(kind);
  }

  /**
   * Typing keeps the entry from its idle limit, what its terminal answers to a program does not. Told now and then,
   * never for each key.
   */
  #noteInput(): void {
    const now = Date.now();
    if (now - this.#inputNotedAt < INPUT_NOTED_EVERY_MS) return;
    this.#inputNotedAt = now;
    const { session_id: session } = this.#store.record;
    const noted = this.#workspace()
      .noteInput(this.#org(), session)
      .catch((error: unknown) => log('session.input_not_noted', { session, error: messageOf(error) }));
    this.ctx.waitUntil(noted);
  }

  #flow(): void {
    const { live } = this.#console;
    this.#agent.flow({
      committedBytes: this.#recorder.committedBytes,
      consoleAckBytes: live?.ackBytes ?? null,
      windowBytes: live?.windowBytes ?? windowFor(this.#agent.roundTripMs),
    });
  }

  #report(report: Parameters<Outbox['put']>[0]): void {
    this.#outbox.put(report);
    this.#deliver();
  }

  #deliver(): void {
    const done = this.#outbox.drain().catch((error: unknown) => {
      this.#log('session.report_failed', { error: messageOf(error) });
      putDueOnce(this.#sql, 'deliver', Date.now() + DELIVER_AGAIN_MS, 'deliver', '');
      this.#arm();
    });
    this.ctx.waitUntil(done);
  }

  #ticketFault(ticketId: string): ErrorCode | null {
    if (!this.#store.exists) return 'ticket_invalid';
    if (this.#store.record.ended_at !== null) return 'session_ended';
    const used = this.#sql.exec(
      'INSERT OR IGNORE INTO tickets (ticket_id) VALUES (?) RETURNING ticket_id',
      ticketId,
    );
    return used.toArray().length === 0 ? 'ticket_invalid' : null;
  }

  #consoleFault(entryId: EntryId): ErrorCode | null {
    // Let in by the workspace a moment before it ended the stay.
    const [ended] = this.#sql
      .exec<{ code: string }>('SELECT code FROM ended_entries WHERE entry_id = ?', entryId)
      .toArray();
    if (ended === undefined) return this.#archive.isReleased ? 'session_ended' : null;
    return isErrorCode(ended.code) ? ended.code : 'entry_ended';
  }

  #log(event: string, fields: Parameters<typeof log>[1] = {}): void {
    log(event, { session: this.#store.record.session_id, ...fields });
  }

  #org(): VerifiedOrg {
    const org = homeOf(this.#sql);
    if (org === null) throw new Error('A session without its organization.');
    return org;
  }

  #workspace(): ReturnType<typeof workspaceOf> {
    return workspaceOf(this.env, this.#org());
  }

  #arm(): void {
    const at = nextDueAt(this.#sql);
    if (at !== null) this.ctx.waitUntil(this.ctx.storage.setAlarm(Math.max(at, Date.now())));
  }
}

/** Whoever may open a session may type into one. */
function mayType(role: Role): boolean {
  return verbs['session.open'].roles.some((allowed) => allowed === role);
}
