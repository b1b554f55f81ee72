import type { MachineId } from '#protocol/ids.ts';
import { ulid } from '#protocol/ids.ts';
import { appendEvent } from '../audit/append-event.ts';
import { sendToAgent } from './agent-sockets.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import { noteSeen, refuseMachine, storedMachine } from './machines.ts';

/** A round trip to the machine's agent, now. A change of the answer is recorded. */
export async function probeMachine(
  context: WorkspaceContext,
  machineId: MachineId,
): Promise<Outcome<'machine.probe'>> {
  const machine = storedMachine(context, machineId);
  if (machine === null) return refuseMachine(context, machineId);
  const probeId = ulid(context.now(), context.random);
  const roundTripMs = await context.probes.probe(machineId, probeId, () =>
    sendToAgent(context, machineId, { type: 'ping', probeId }),
  );
  const at = context.now();
  const reachable = roundTripMs !== null;
  context.storage.transactionSync(() => {
    if (reachable) noteSeen(context, machineId);
    if (storedMachine(context, machineId)?.reachable === Number(reachable)) return;
    context.sql.exec('UPDATE machines SET reachable = ? WHERE machine_id = ?', Number(reachable), machineId);
    appendEvent(context, {
      event: reachable ? 'machine.reachable' : 'machine.unreachable',
      opId: `probe:${probeId}`,
      actor: { system: 'relay' },
      device: null,
      correlationId: machineId,
      fields: { machine_id: machineId },
    });
  });
  return { ok: true, result: reachable ? { reachable, at, roundTripMs } : { reachable, at } };
}
