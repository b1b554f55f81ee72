// Renaming and removing a machine: an administrator's, each with its line in the audit.
import type { VerbParams } from '#protocol/control/verbs.ts';
import { refuse } from '#protocol/errors.ts';
import { ulid } from '#protocol/ids.ts';
import { parseMachineName } from '#protocol/machine-name.ts';
import { closeAgent, machineTag } from './agent-sockets.ts';
import { confusableNames } from './confusable-names.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import type { EntryRow } from './entry-row.ts';
import { announceMachine, refuseMachine, storedMachine, toMachineRow } from './machines.ts';
import { recordByPerson } from './record-event.ts';
import { requestEnd } from './request-end.ts';
import { openSessionsOn } from './sessions.ts';

export function renameMachine(
  context: WorkspaceContext,
  entry: EntryRow,
  { machineId, expected, name, confirmed }: VerbParams<'machine.rename'>,
): Outcome<'machine.rename'> {
  const parsed = parseMachineName(name);
  if (!parsed.ok) return parsed;
  const machine = storedMachine(context, machineId);
  if (machine === null) return refuseMachine(context, machineId);
  if (machine.name !== expected) return refuse('conflict');
  if (machine.name !== parsed.name) {
    const confusableWith = confusableNames(context, parsed.name, machineId);
    if (confusableWith.length > 0 && !confirmed)
      return { ok: true, result: { renamed: false, confusableWith } };
    const opId = `renamed:${ulid(context.now(), context.random)}`;
    context.storage.transactionSync(() => {
      context.sql.exec('UPDATE machines SET name = ? WHERE machine_id = ?', parsed.name, machineId);
      recordByPerson(context, entry, 'machine.renamed', opId, {
        machine_id: machineId,
        before: machine.name,
        after: parsed.name,
        confusable_with: confusableWith,
      });
    });
    announceMachine(context, machineId, { moved: true });
  }
  return {
    ok: true,
    result: { renamed: true, machine: toMachineRow(context, { ...machine, name: parsed.name }) },
  };
}

/** From here on its id, its name and its credential are as if they had never been; its sessions stay for review. */
export function removeMachine(
  context: WorkspaceContext,
  entry: EntryRow,
  { machineId, name }: VerbParams<'machine.remove'>,
): Outcome<'machine.remove'> {
  const machine = storedMachine(context, machineId);
  if (machine === null) return refuseMachine(context, machineId);
  if (machine.name !== name) return refuse('conflict');
  const open = openSessionsOn(context, machineId);
  context.storage.transactionSync(() => {
    context.sql.exec(
      'INSERT INTO removed_machines (machine_id, name, removed_at) VALUES (?, ?, ?)',
      machineId,
      machine.name,
      context.now(),
    );
    context.sql.exec('DELETE FROM machines WHERE machine_id = ?', machineId);
    recordByPerson(context, entry, 'machine.removed', `${machineId}:removed`, {
      machine_id: machineId,
      name: machine.name,
      sessions_closed: open.length,
    });
  });
  for (const session of open) requestEnd(context, session.session_id, 'closed');
  for (const socket of context.sockets(machineTag(machineId))) closeAgent(socket, 'credential_invalid');
  announceMachine(context, machineId, { moved: true });
  return { ok: true, result: {} };
}
