import { MachineId } from '#protocol/ids.ts';
import type { KeyAlertReview } from '#protocol/records.ts';
import type { WorkspaceContext } from './context.ts';
import { machineNameOf } from './machines.ts';

/** One row a machine, oldest first. */
export function keyAlertsBetween(context: WorkspaceContext, fromMs: number, toMs: number): KeyAlertReview[] {
  return context.sql
    .exec<{ machine_id: string; first_at: number; last_at: number; times: number; quarantined: number }>(
      `SELECT machine_id, MIN(at) AS first_at, MAX(at) AS last_at, COUNT(*) AS times, MAX(quarantined) AS quarantined
       FROM key_sightings WHERE at BETWEEN ? AND ? GROUP BY machine_id ORDER BY first_at`,
      fromMs,
      toMs,
    )
    .toArray()
    .map((row) => {
      const machineId = MachineId.parse(row.machine_id);
      return {
        machineId,
        machineName: machineNameOf(context, machineId) ?? machineId,
        firstAt: row.first_at,
        lastAt: row.last_at,
        times: row.times,
        quarantined: row.quarantined === 1,
      };
    });
}
