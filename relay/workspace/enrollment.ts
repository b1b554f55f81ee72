// A code becomes one machine of the directory. What the caller is told of a code that enrolls nothing is
// always the same; which kind it was stands in the audit of the workspace that it was sealed for.
import type { EnrollRequest } from '#protocol/control/enrollment.ts';
import { refuse } from '#protocol/errors.ts';
import type { Refusal } from '#protocol/errors.ts';
import { MachineId, ulid } from '#protocol/ids.ts';
import type { EnrollmentId } from '#protocol/ids.ts';
import type { AuditFields } from '#protocol/audit-events.ts';
import { appendEvent } from '../audit/append-event.ts';
import type { WorkspaceContext } from './context.ts';
import { endCode, standingOf, storedCode } from './enrollment-codes.ts';
import type { StoredCode } from './enrollment-codes.ts';
import { announceMachine } from './machines.ts';

const HOUR_MS = 60 * 60_000;

export interface EnrollCall extends Pick<EnrollRequest, 'publicKey' | 'facts'> {
  readonly enrollmentId: EnrollmentId;
  /** Of the caller, where the relay knows it. */
  readonly ip: string | null;
}

export type Enrolled =
  | { readonly ok: true; readonly machineId: MachineId; readonly machineName: string }
  | Refusal;

/** Use a code: of any number of callers with the same one, the first wins. */
export function enrollMachine(context: WorkspaceContext, call: EnrollCall): Enrolled {
  return context.storage.transactionSync(() => {
    const code = storedCode(context, call.enrollmentId);
    const standing = code === null ? 'unknown' : standingOf(code, context.now());
    if (code === null || standing !== 'open') {
      recordRefused(context, call, standing === 'open' ? 'unknown' : standing);
      return refuse('enrollment_invalid');
    }
    // A machine that was enrolled before comes back with a key of its own making or not at all.
    if (isKnownKey(context, call.publicKey)) return refuse('machine_key_known');
    endCode(context, code.code_id, 'used');
    return addMachine(context, code, call);
  });
}

function addMachine(context: WorkspaceContext, code: StoredCode, { publicKey, facts }: EnrollCall): Enrolled {
  const { code_id: enrollmentId, machine_name: machineName } = code;
  const now = context.now();
  const machineId = MachineId.parse(`mac_${ulid(now, context.random)}`);
  context.sql.exec(
    `INSERT INTO machines (machine_id, name, hostname, os, os_user, agent_version, public_key, enrolled_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    machineId,
    machineName,
    facts.hostname,
    facts.os,
    facts.user,
    facts.agentVersion,
    publicKey,
    now,
  );
  context.sql.exec('INSERT INTO enrolled_keys (public_key, machine_id) VALUES (?, ?)', publicKey, machineId);
  const common = { actor: { machine_id: machineId }, device: null, correlationId: machineId } as const;
  appendEvent(context, {
    ...common,
    event: 'enrollment.used',
    opId: `enrollment:${enrollmentId}:used`,
    fields: { scope: 'machine', enrollment_id: enrollmentId, machine_id: machineId },
  });
  appendEvent(context, {
    ...common,
    event: 'machine.enrolled',
    opId: `${machineId}:enrolled`,
    fields: { machine_id: machineId, name: machineName, enrolled_by: code.created_by },
  });
  announceMachine(context, machineId, { moved: true });
  return { ok: true, machineId, machineName };
}

/** Keys of removed machines stay known. */
function isKnownKey(context: WorkspaceContext, publicKey: string): boolean {
  return context.sql.exec('SELECT 1 FROM enrolled_keys WHERE public_key = ?', publicKey).toArray().length > 0;
}

function recordRefused(
  context: WorkspaceContext,
  { enrollmentId, ip }: EnrollCall,
  why: AuditFields<'enrollment.refused'>['why'],
): void {
  const hour = Math.floor(context.now() / HOUR_MS);
  appendEvent(context, {
    event: 'enrollment.refused',
    opId: `enrollment:${enrollmentId}:refused:${why}:${hour}`,
    actor: { system: 'relay' },
    device: { install_id: '', app_version: '', window_id: '', ip },
    correlationId: enrollmentId,
    outcome: 'refused',
    fields: { scope: 'machine', enrollment_id: enrollmentId, why },
  });
}
