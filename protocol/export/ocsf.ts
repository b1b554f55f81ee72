// An event in the Open Cybersecurity Schema Framework, 1.3: commands are Process Activity (1007), stays are
// Authentication (3002), changes of access are Authorize Session (3003), everything else is API Activity (6003).
// https://schema.ocsf.io/1.3.0
import type { AuditEventName } from '../audit-events.ts';
import { machineOf, numberIn, textIn } from './exported-event.ts';
import type { ExportedEvent } from './exported-event.ts';

interface Kind {
  readonly classUid: 1007 | 3002 | 3003 | 6003;
  readonly activityId: number;
}

const LAUNCH: Kind = { classUid: 1007, activityId: 1 };
const TERMINATE: Kind = { classUid: 1007, activityId: 2 };
const LOGON: Kind = { classUid: 3002, activityId: 1 };
const LOGOFF: Kind = { classUid: 3002, activityId: 2 };
const AUTHORIZE: Kind = { classUid: 3003, activityId: 99 };
const CREATE: Kind = { classUid: 6003, activityId: 1 };
const READ: Kind = { classUid: 6003, activityId: 2 };
const UPDATE: Kind = { classUid: 6003, activityId: 3 };
const DELETE: Kind = { classUid: 6003, activityId: 4 };
const OTHER: Kind = { classUid: 6003, activityId: 99 };

/** `OTHER` where an event is missing here. */
const KINDS: Partial<Record<AuditEventName, Kind>> = {
  'command.started': LAUNCH,
  'command.finished': TERMINATE,
  'workspace.entered': LOGON,
  'workspace.locked': LOGOFF,
  'workspace.left': LOGOFF,
  'access.denied': AUTHORIZE,
  'access.revoked': AUTHORIZE,
  'access.role_changed': AUTHORIZE,
  'session.started': CREATE,
  'machine.enrolled': CREATE,
  'enrollment.created': CREATE,
  'runbook.saved': CREATE,
  'machine.searched': READ,
  'recording.viewed': READ,
  'evidence.exported': READ,
  'session.watched': READ,
  'machine.renamed': UPDATE,
  'policy.changed': UPDATE,
  'stream.changed': UPDATE,
  'enrollment.rotated': UPDATE,
  'checkpoint.key_changed': UPDATE,
  'machine.removed': DELETE,
  'enrollment.revoked': DELETE,
};

const SEVERITY = { informational: 1, low: 2, medium: 3 } as const;

export function toOcsf(event: ExportedEvent): string {
  const { envelope, fields, line } = event;
  const kinds: Readonly<Record<string, Kind | undefined>> = KINDS;
  const { classUid, activityId } = kinds[envelope.event] ?? OTHER;
  const machineId = machineOf(event);
  const session = textIn(fields, 'session_id') ?? textIn(fields, 'entry_id');
  const { user, actor } = actorOf(envelope);
  return JSON.stringify({
    class_uid: classUid,
    category_uid: Math.floor(classUid / 1000),
    activity_id: activityId,
    activity_name: envelope.event,
    type_uid: classUid * 100 + activityId,
    time: envelope.at,
    severity_id: severityOf(envelope.event, envelope.outcome),
    status_id: envelope.outcome === 'ok' ? 1 : 2,
    metadata: {
      version: '1.3.0',
      product: { name: 'Caisey Console', vendor_name: 'Caisey' },
      uid: envelope.id,
      event_code: envelope.code,
      sequence: envelope.seq,
      tenant_uid: envelope.org_id,
      correlation_uid: envelope.correlation_id,
    },
    actor,
    ...(user === null ? {} : { user }),
    ...(session === null ? {} : { session: { uid: session } }),
    ...(machineId === null ? {} : { device: { uid: machineId, type_id: 0 } }),
    ...(envelope.device?.ip == null ? {} : { src_endpoint: { ip: envelope.device.ip } }),
    ...(classUid === 1007 ? { process: processOf(fields) } : {}),
    ...(classUid === 6003 ? { api: { operation: envelope.event } } : {}),
    ...(classUid === 1007 ? { exit_code: numberIn(fields, 'exit_code') } : {}),
    unmapped: fields,
    raw_data: line,
  });
}

function processOf(fields: ExportedEvent['fields']) {
  return {
    uid: textIn(fields, 'command_id'),
    cmd_line: textIn(fields, 'line'),
    working_directory: textIn(fields, 'cwd'),
  };
}

function actorOf({ actor }: ExportedEvent['envelope']) {
  if ('user_id' in actor) {
    const user = { uid: actor.user_id, type_id: actor.role === 'admin' ? 2 : 1 };
    return { user, actor: { user, session: { uid: actor.sid } } };
  }
  return { user: null, actor: { app_name: 'machine_id' in actor ? 'caisey-agent' : 'caisey-relay' } };
}

function severityOf(event: string, outcome: 'ok' | 'refused'): number {
  if (outcome === 'refused') return SEVERITY.medium;
  return event === 'session_attempt.aborted' ? SEVERITY.low : SEVERITY.informational;
}
