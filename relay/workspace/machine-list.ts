// The directory as a list by name, and what of it changed, for consoles that show it.
import type { VerbParams } from '#protocol/control/verbs.ts';
import { broadcast } from './console-sockets.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import type { DirectoryChange } from './directory-patches.ts';
import { listedMachines, machineCount, storedMachine, toMachineRow } from './machines.ts';

/** More changed rows than this are not told one by one: who shows a list asks for what it shows. */
const TOLD_MAX = 500;

export function listMachines(
  context: WorkspaceContext,
  { offset, limit }: VerbParams<'machine.list'>,
): Outcome<'machine.list'> {
  const rows = listedMachines(context, offset, limit);
  return {
    ok: true,
    result: {
      version: context.directory.version,
      total: machineCount(context),
      machines: rows.map((row) => toMachineRow(context, row)),
    },
  };
}

export function tellChange(context: WorkspaceContext, change: DirectoryChange): void {
  const { from, seq, machineIds, moved } = change;
  const common = { type: 'machines.patch', from, seq, total: machineCount(context), moved } as const;
  if (machineIds.length > TOLD_MAX) return broadcast(context, { ...common, changed: null, removed: [] });
  const stored = machineIds.map((machineId) => ({ machineId, row: storedMachine(context, machineId) }));
  broadcast(context, {
    ...common,
    changed: stored.flatMap(({ row }) => (row === null ? [] : [toMachineRow(context, row)])),
    removed: stored.flatMap(({ machineId, row }) => (row === null ? [machineId] : [])),
  });
}
