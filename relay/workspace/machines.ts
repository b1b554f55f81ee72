// The directory of machines: enrolled with a one-time code, looked up by id, shown as rows and cards.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ENROLLMENT_LIFETIME_MS } from '#protocol/control/enrollment.ts';
import type { EnrollRequest } from '#protocol/control/enrollment.ts';
import type { VerbParams } from '#protocol/control/verbs.ts';
import { refuse } from '#protocol/errors.ts';
import type { Refusal } from '#protocol/errors.ts';
import { MachineId, ulid, UserId } from '#protocol/ids.ts';
import type { MachineCard, MachineFacts, MachineRow } from '#protocol/records.ts';
import { appendEvent } from '../audit/append-event.ts';
import { sealEnrollmentCode } from '../auth/machine-credentials.ts';
import { broadcast } from './console-sockets.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import type { EntryRow } from './entry-row.ts';
import { isOnline } from './agent-sockets.ts';
import { recordByPerson } from './record-event.ts';
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

/** A one-time code that enrolls one machine under this name. */
export function createEnrollment(
  context: WorkspaceContext,
  entry: EntryRow,
  { machineName }: VerbParams<'enrollment.create'>,
): Outcome<'enrollment.create'> {
  const now = context.now();
  const codeId = ulid(now, context.random);
  const expiresAt = now + ENROLLMENT_LIFETIME_MS;
  context.storage.transactionSync(() => {
    context.sql.exec('DELETE FROM enrollment_codes WHERE expires_at < ?', now - ENROLLMENT_LIFETIME_MS);
    context.sql.exec(
      'INSERT INTO enrollment_codes (code_id, machine_name, created_by, expires_at) VALUES (?, ?, ?, ?)',
      codeId,
      machineName,
      entry.user_id,
      expiresAt,
    );
    recordByPerson(context, entry, 'enrollment.created', `enrollment:${codeId}:created`, {
      scope: 'machine',
      name: machineName,
      expires_at: expiresAt,
    });
  });
  const code = sealEnrollmentCode(context.config.relaySecret, { org: context.org, codeId, expiresAt });
  return { ok: true, result: { code, expiresAt } };
}

/** Use a code: of any number of callers with the same one, the first wins. */
export function enrollMachine(
  context: WorkspaceContext,
  codeId: string,
  { publicKey, facts }: Pick<EnrollRequest, 'publicKey' | 'facts'>,
): { readonly ok: true; readonly machineId: MachineId; readonly machineName: string } | Refusal {
  return context.storage.transactionSync(() => {
    const now = context.now();
    const [code] = context.sql
      .exec<{ machine_name: string; created_by: string }>(
        `UPDATE enrollment_codes SET used_at = ? WHERE code_id = ? AND used_at IS NULL AND expires_at > ?
         RETURNING machine_name, created_by`,
        now,
        codeId,
        now,
      )
      .toArray();
    if (code === undefined) return refuse('enrollment_invalid');
    const machineId = MachineId.parse(`mac_${ulid(now, context.random)}`);
    context.sql.exec(
      `INSERT INTO machines (machine_id, name, hostname, os, os_user, agent_version, public_key, enrolled_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      machineId,
      code.machine_name,
      facts.hostname,
      facts.os,
      facts.user,
      facts.agentVersion,
      publicKey,
      now,
    );
    const common = { actor: { machine_id: machineId }, device: null, correlationId: machineId } as const;
    appendEvent(context, {
      ...common,
      event: 'enrollment.used',
      opId: `enrollment:${codeId}:used`,
      fields: { scope: 'machine', machine_id: machineId },
    });
    appendEvent(context, {
      ...common,
      event: 'machine.enrolled',
      opId: `${machineId}:enrolled`,
      fields: { machine_id: machineId, name: code.machine_name, enrolled_by: UserId.parse(code.created_by) },
    });
    return { ok: true, machineId, machineName: code.machine_name };
  });
}

/** Hex SHA-256 of the raw public key: what a credential names. */
export function keyThumbprint(publicKey: string): string {
  return createHash('sha256').update(publicKey).digest('hex');
}
