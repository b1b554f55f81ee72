import type { AuditActor, AuditDevice } from '#protocol/audit-envelope.ts';
import type { AuditEventName, AuditFields } from '#protocol/audit-events.ts';
import { appendEvent } from '../audit/append-event.ts';
import type { NewEvent } from '../audit/append-event.ts';
import type { WorkspaceContext } from './context.ts';
import type { EntryRow } from './entry-row.ts';

/** Append an event that a person's entry caused. Call inside the transaction of the change. */
export function recordByPerson<E extends AuditEventName>(
  context: WorkspaceContext,
  entry: EntryRow,
  event: E,
  opId: string,
  fields: AuditFields<E>,
  extra: Partial<Pick<NewEvent<E>, 'outcome' | 'sealed' | 'correlationId'>> = {},
): boolean {
  return appendEvent(context, { event, opId, ...causedBy(context, entry), fields, ...extra });
}

/** What an event says of the person who caused it. */
export function causedBy(context: WorkspaceContext, entry: EntryRow) {
  return { actor: actorOf(context, entry), device: deviceOf(entry), correlationId: entry.entry_id };
}

function actorOf(context: WorkspaceContext, entry: EntryRow): AuditActor {
  return {
    user_id: entry.user_id,
    sid: entry.sid,
    role: entry.role,
    auth_age_s: Math.max(0, Math.round((context.now() - entry.auth_at) / 1000)),
    factor: entry.factor,
  };
}

function deviceOf(entry: EntryRow): AuditDevice {
  // Stored by `enter` alone.
  return JSON.parse(entry.device) as AuditDevice;
}
