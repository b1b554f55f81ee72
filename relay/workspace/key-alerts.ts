// One machine key, two hosts. A cut line that nobody noticed looks like a copied key, so the older socket is
// asked: if a host still answers there, the key was copied. The newest wins, people are told, and hosts that
// keep pushing each other out are all kept out until an administrator decides.
import { ulid } from '#protocol/ids.ts';
import type { MachineId } from '#protocol/ids.ts';
import type { VerbParams } from '#protocol/control/verbs.ts';
import { refuse } from '#protocol/errors.ts';
import { appendEvent } from '../audit/append-event.ts';
import { agentState, closeAgent, machineTag, setAgentState } from './agent-sockets.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import type { EntryRow } from './entry-row.ts';
import { storedAlert } from './key-alert-row.ts';
import { announceMachine, storedMachine } from './machines.ts';
import { recordByPerson } from './record-event.ts';
import { requestEnd } from './request-end.ts';
import { openSessionsOn } from './sessions.ts';

const CLONES_TOLERATED = 2;
const WINDOW_MS = 15 * 60_000;

/** A newer socket proved the same key. This one counts no more; who is at its end decides what it means. */
export function questionOlder(context: WorkspaceContext, socket: WebSocket, machineId: MachineId): void {
  const state = agentState(socket);
  if (state === null) return;
  setAgentState(socket, { ...state, standing: { name: 'questioned' } });
  context.background(async () => {
    const probeId = ulid(context.now(), context.random);
    const answered = await context.probes.probe(machineId, probeId, () => {
      socket.send(JSON.stringify({ type: 'ping', probeId }));
      return true;
    });
    if (answered === null) return closeAgent(socket, 'machine_offline');
    closeAgent(socket, 'credential_superseded');
    noteClone(context, machineId);
  });
}

/** An administrator looked at it: the machine may connect again. */
export function releaseMachine(
  context: WorkspaceContext,
  entry: EntryRow,
  { machineId }: VerbParams<'machine.release'>,
): Outcome<'machine.release'> {
  if (storedMachine(context, machineId) === null) return refuse('not_found');
  context.storage.transactionSync(() => {
    const alert = storedAlert(context, machineId);
    if (alert === null) return;
    context.sql.exec('DELETE FROM key_alerts WHERE machine_id = ?', machineId);
    const opId = `machine:${machineId}:released:${ulid(context.now(), context.random)}`;
    recordByPerson(context, entry, 'machine.released', opId, { machine_id: machineId });
  });
  announceMachine(context, machineId);
  return { ok: true, result: {} };
}

function noteClone(context: WorkspaceContext, machineId: MachineId): void {
  const now = context.now();
  const common = { actor: { machine_id: machineId }, device: null, correlationId: machineId } as const;
  const opId = `superseded:${ulid(now, context.random)}`;
  const quarantined = context.storage.transactionSync(() => {
    const before = storedAlert(context, machineId);
    const running = before !== null && now - before.window_at <= WINDOW_MS ? before : null;
    const clones = (running?.clones ?? 0) + 1;
    const isNew = clones > CLONES_TOLERATED && before?.quarantined_at == null;
    context.sql.exec(
      `INSERT OR REPLACE INTO key_alerts (machine_id, window_at, clones, last_at, quarantined_at)
       VALUES (?, ?, ?, ?, ?)`,
      machineId,
      running?.window_at ?? now,
      clones,
      now,
      isNew ? now : (before?.quarantined_at ?? null),
    );
    context.sql.exec(
      'INSERT INTO key_sightings (at, machine_id, quarantined) VALUES (?, ?, ?)',
      now,
      machineId,
      Number(isNew),
    );
    const fields = { machine_id: machineId };
    appendEvent(context, { ...common, event: 'machine.superseded', opId, fields });
    if (isNew) appendEvent(context, { ...common, event: 'machine.quarantined', opId: `${opId}:q`, fields });
    return isNew;
  });
  if (quarantined) keepOut(context, machineId);
  announceMachine(context, machineId);
}

/** Nobody types into a machine that may be another. */
function keepOut(context: WorkspaceContext, machineId: MachineId): void {
  for (const socket of context.sockets(machineTag(machineId))) closeAgent(socket, 'machine_quarantined');
  for (const session of openSessionsOn(context, machineId)) {
    requestEnd(context, session.session_id, 'agent_lost');
  }
}
