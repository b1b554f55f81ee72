import type { MachineId } from '#protocol/ids.ts';
import type { MachineKeyAlert } from '#protocol/records.ts';
import type { WorkspaceContext } from './context.ts';

interface StoredAlert {
  readonly window_at: number;
  readonly clones: number;
  readonly last_at: number;
  readonly quarantined_at: number | null;
  readonly [column: string]: SqlStorageValue;
}

/** What people should know about the key of this machine, null when nothing. */
export function keyAlertOf(context: WorkspaceContext, machineId: MachineId): MachineKeyAlert | null {
  const alert = storedAlert(context, machineId);
  if (alert === null) return null;
  return { quarantined: alert.quarantined_at !== null, lastAt: alert.last_at };
}

export function isQuarantined(context: WorkspaceContext, machineId: MachineId): boolean {
  return storedAlert(context, machineId)?.quarantined_at != null;
}

export function storedAlert(context: WorkspaceContext, machineId: MachineId): StoredAlert | null {
  const [row] = context.sql
    .exec<StoredAlert & Record<string, SqlStorageValue>>(
      'SELECT window_at, clones, last_at, quarantined_at FROM key_alerts WHERE machine_id = ?',
      machineId,
    )
    .toArray();
  return row ?? null;
}
