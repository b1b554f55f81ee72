// The directory of machines: looked up by id, shown as rows and cards.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { refuse } from '#protocol/errors.ts';
import type { Refusal } from '#protocol/errors.ts';
import { MachineId } from '#protocol/ids.ts';
import type { MachineCard, MachineFacts, MachineRow } from '#protocol/records.ts';
import type { WorkspaceContext } from './context.ts';
import { isOnline } from './agent-sockets.ts';
import { keyAlertOf } from './key-alert-row.ts';
import { recentSessionsOn } from './session-rows.ts';

const StoredMachine = z.object({
  machine_id: MachineId,
  name: z.string(),
  hostname: z.string(),
  os: z.string(),
  os_user: z.string(),
  agent_version: z.string(),
  public_key: z.string(),
  enrolled_at: z.number(),
  last_seen_at: z.number().nullable(),
  reachable: z.number().nullable(),
});
export type StoredMachine = z.infer<typeof StoredMachine>;

export function storedMachine(context: WorkspaceContext, machineId: MachineId): StoredMachine | null {
  const [row] = context.sql.exec('SELECT * FROM machines WHERE machine_id = ?', machineId).toArray();
  return row === undefined ? null : StoredMachine.parse(row);
}

/** What a list needs of a machine, as stored. */
export type ListedMachine = Pick<StoredMachine, 'machine_id' | 'name' | 'hostname' | 'os' | 'last_seen_at'>;

/** A stretch of the directory by name. */
export function listedMachines(context: WorkspaceContext, offset: number, limit: number): ListedMachine[] {
  return context.sql
    .exec<ListedMachine & Record<string, SqlStorageValue>>(
      `SELECT machine_id, name, hostname, os, last_seen_at FROM machines
       ORDER BY name, machine_id LIMIT ? OFFSET ?`,
      limit,
      offset,
    )
    .toArray();
}

export function toMachineRow(context: WorkspaceContext, machine: ListedMachine): MachineRow {
  return {
    machineId: machine.machine_id,
    name: machine.name,
    hostname: machine.hostname,
    os: machine.os,
    online: isOnline(context, machine.machine_id),
    lastSeenAt: machine.last_seen_at,
  };
}

export function machineCard(context: WorkspaceContext, machineId: MachineId): MachineCard | null {
  const machine = storedMachine(context, machineId);
  if (machine === null) return null;
  return {
    ...toMachineRow(context, machine),
    facts: {
      hostname: machine.hostname,
      os: machine.os,
      user: machine.os_user,
      agentVersion: machine.agent_version,
    },
    keyAlert: keyAlertOf(context, machineId),
    enrolledAt: machine.enrolled_at,
    recentSessions: recentSessionsOn(context, machineId),
  };
}

export function machineCount(context: WorkspaceContext): number {
  return context.sql.exec<{ total: number }>('SELECT total FROM machines_total').one().total;
}

/** Tell every entered console how this machine stands now. `moved`: it came, went or has another name. */
export function announceMachine(
  context: WorkspaceContext,
  machineId: MachineId,
  { moved = false }: { readonly moved?: boolean } = {},
): void {
  context.directory.note(machineId, moved);
}

/**
 * What is said of a machine that is not in the directory. Unknown, another organization's and removed are the same
 * answer after the same look; only the audit tells a removed one apart.
 */
export function refuseMachine(context: WorkspaceContext, machineId: MachineId): Refusal {
  const removed = context.sql
    .exec('SELECT 1 FROM removed_machines WHERE machine_id = ?', machineId)
    .toArray();
  return { ...refuse('not_found'), recordedAs: removed.length === 0 ? 'not_found' : 'removed' };
}

/** The name that a machine has, or had when it was removed. For the review of what was done on it. */
export function machineNameOf(context: WorkspaceContext, machineId: MachineId): string | null {
  const [row] = context.sql
    .exec<{ name: string }>(
      `SELECT name FROM machines WHERE machine_id = ?1
       UNION ALL SELECT name FROM removed_machines WHERE machine_id = ?1`,
      machineId,
    )
    .toArray();
  return row?.name ?? null;
}

/** The agent has shown itself: store what it says about its machine, and that it was seen. */
export function updateFacts(context: WorkspaceContext, machineId: MachineId, facts: MachineFacts): void {
  context.sql.exec(
    'UPDATE machines SET hostname = ?, os = ?, os_user = ?, agent_version = ?, last_seen_at = ? WHERE machine_id = ?',
    facts.hostname,
    facts.os,
    facts.user,
    facts.agentVersion,
    context.now(),
    machineId,
  );
}

export function noteSeen(context: WorkspaceContext, machineId: MachineId): void {
  context.sql.exec('UPDATE machines SET last_seen_at = ? WHERE machine_id = ?', context.now(), machineId);
}

/** Hex SHA-256 of the raw public key: what a credential names. */
export function keyThumbprint(publicKey: string): string {
  return createHash('sha256').update(publicKey).digest('hex');
}
