// The TerminalSession object, one a session: carries bytes between the agent's pty and the console with
// credit, records the output, and reports what happened to its Workspace. Sockets come and go; offsets
// and the stored row are what a session is. Killed, it goes on from what was committed.
// Here it is reached, by calls, sockets and the clock; what it is made of is in session-parts.ts.
import { DurableObject } from 'cloudflare:workers';
import type { Role, SessionEndReason } from '#protocol/records.ts';
import { readAdmission } from '../auth/admission.ts';
import { homeOf, settle } from '../auth/home-organization.ts';
import type { VerifiedOrg } from '../auth/verified-org.ts';
import type { Env } from '../config.ts';
import { errors, refuse } from '#protocol/errors.ts';
import { verbs } from '#protocol/control/verbs.ts';
import { messageOf } from '../log.ts';
import { dueUntil, nextDueAt, performDue } from '../storage/due.ts';
import { migrate } from '../storage/migrate.ts';
import { terminalMigrations } from '../storage/terminal-migrations.ts';
import { refuseConsole } from './console-link.ts';
import { SessionDoor } from './session-door.ts';
import { sessionParts } from './session-parts.ts';
import type { SessionParts } from './session-parts.ts';
import type { SessionBirth, TerminalCalls, Typist } from './terminal-calls.ts';

export class TerminalSession extends DurableObject<Env> implements TerminalCalls {
  readonly #sql: SqlStorage;
  readonly #parts: SessionParts;
  readonly #door: SessionDoor;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, terminalMigrations);
    this.#sql = ctx.storage.sql;
    this.#parts = sessionParts({
      storage: ctx.storage,
      env,
      org: () => this.#org(),
      background: (work) => ctx.waitUntil(work),
      onDue: () => this.#arm(),
    });
    const { store, archive, ending, deliver } = this.#parts;
    this.#door = new SessionDoor({ sql: this.#sql, store, archive });
    // Connected when it was last written, and without a socket now: this object was killed in between.
    if (!store.exists) return;
    if (store.record.agent === 'connected') ending.agentLost();
    deliver();
  }

  // ---- from the Workspace

  async create(birth: SessionBirth): Promise<void> {
    settle(this.#sql, birth.org);
    const { store, recorder } = this.#parts;
    if (store.exists) return;
    try {
      this.ctx.storage.transactionSync(() => {
        store.create(birth);
        recorder.begin(birth.size);
      });
    } catch (error) {
      // What cannot be recorded does not start, here or when it is asked for again: nothing of it stays in memory.
      this.ctx.abort('recording_failed');
      throw error;
    }
  }

  async end(org: VerifiedOrg, reason: SessionEndReason): Promise<boolean> {
    settle(this.#sql, org);
    const { store, ending } = this.#parts;
    if (!store.exists) return false;
    ending.request(reason);
    return true;
  }

  async handOver(org: VerifiedOrg, typist: Typist): Promise<void> {
    settle(this.#sql, org);
    const { store, consoles } = this.#parts;
    if (store.exists) consoles.handOver(typist);
  }

  async detach(...[org, entryId, code, forGood]: Parameters<TerminalCalls['detach']>): Promise<void> {
    settle(this.#sql, org);
    if (forGood) this.#door.shutOut(entryId, code);
    this.#parts.consoles.detach(entryId, code);
  }

  async readRecording(
    ...[org, cursor, sha256]: Parameters<TerminalCalls['readRecording']>
  ): ReturnType<TerminalCalls['readRecording']> {
    settle(this.#sql, org);
    const { recorder, archive, log } = this.#parts;
    recorder.flush();
    const page = await archive.page(cursor, sha256).catch((error: unknown) => {
      log('recording.store_failed', { error: messageOf(error) });
      return refuse('unavailable');
    });
    if (!page.ok && page.code === 'recording_damaged') log('recording.damaged');
    return page;
  }

  async eraseRecording(org: VerifiedOrg): Promise<void> {
    settle(this.#sql, org);
    const { store, commands, outbox, move } = this.#parts;
    if (!store.exists) return;
    commands.erase();
    outbox.erase();
    await move.erase();
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
      const code = this.#door.consoleFault(entryId);
      if (code !== null) refuseConsole(server, code);
      else this.#parts.consoles.accept(server, { entryId, userId, name, mayType: mayType(role) });
    } else if (admission.kind === 'terminal-agent') {
      settle(this.#sql, admission.org);
      const code = this.#door.agentFault(admission.ticketId);
      if (code === null) this.#parts.agent.accept(server);
      else server.close(errors[code].closeCode, code);
    } else throw new Error('This socket is not a terminal session’s.');
    return answer;
  }

  override async alarm(): Promise<void> {
    for (const due of dueUntil(this.#sql, Date.now())) {
      await performDue(this.#sql, due, Date.now(), () => this.#act(due.kind)).catch((error: unknown) => {
        this.#parts.log('session.due_failed', { kind: due.kind, error: messageOf(error) });
      });
    }
    this.#arm();
  }

  // ---- within

  async #act(kind: string): Promise<void> {
    const { outbox, ending, move } = this.#parts;
    if (kind === 'deliver') await outbox.drain();
    else if (kind === 'agent.grace') await ending.checkGrace();
    else if (kind === 'end') ending.overdue();
    else await move.act(kind);
  }

  #org(): VerifiedOrg {
    const org = homeOf(this.#sql);
    if (org === null) throw new Error('A session without its organization.');
    return org;
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
