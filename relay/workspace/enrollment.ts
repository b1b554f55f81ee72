// Enrollment: a one-time code, created by an administrator, becomes one machine of the directory.
import { ENROLLMENT_LIFETIME_MS } from '#protocol/control/enrollment.ts';
import type { EnrollRequest } from '#protocol/control/enrollment.ts';
import type { VerbParams } from '#protocol/control/verbs.ts';
import { refuse } from '#protocol/errors.ts';
import type { Refusal } from '#protocol/errors.ts';
import { MachineId, ulid, UserId } from '#protocol/ids.ts';
import { appendEvent } from '../audit/append-event.ts';
import { sealEnrollmentCode } from '../auth/machine-credentials.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import type { EntryRow } from './entry-row.ts';
import { recordByPerson } from './record-event.ts';

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
