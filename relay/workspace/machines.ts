// The directory of machines: looked up by id, shown as rows and cards.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { MachineId } from '#protocol/ids.ts';
import type { MachineCard, MachineFacts, MachineRow } from '#protocol/records.ts';
import { broadcast } from './console-sockets.ts';
import type { WorkspaceContext } from './context.ts';
import { isOnline } from './agent-sockets.ts';
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

export function toMachineRow(context: WorkspaceContext, row: Record<string, unknown>): MachineRow {
  const machine = StoredMachine.parse(row);
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
    enrolledAt: machine.enrolled_at,
    recentSessions: recentSessionsOn(context, machineId),
  };
}

export function machineCount(context: WorkspaceContext): number {
  return context.sql.exec<{ n: number }>('SELECT COUNT(*) AS n FROM machines').one().n;
}

/** Tell every entered console how this machine stands now. */
export function announceMachine(context: WorkspaceContext, machineId: MachineId): void {
  const machine = storedMachine(context, machineId);
  if (machine !== null) broadcast(context, { type: 'machine', machine: toMachineRow(context, machine) });
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
