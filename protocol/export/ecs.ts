// An event in the Elastic Common Schema, 8.11; what the schema has no place for is below `caisey`.
// https://www.elastic.co/guide/en/ecs/8.11/ecs-field-reference.html
import { machineOf, numberIn, textIn } from './exported-event.ts';
import type { ExportedEvent } from './exported-event.ts';

/** By what an event's name begins with; `configuration` for the rest. */
const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  workspace: ['authentication', 'session'],
  access: ['iam'],
  session: ['session'],
  session_attempt: ['session'],
  command: ['process'],
  machine: ['host'],
};
const TYPES: Readonly<Record<string, readonly string[]>> = {
  'workspace.entered': ['start'],
  'workspace.locked': ['end'],
  'workspace.left': ['end'],
  'session.started': ['start'],
  'session.ended': ['end'],
  'command.started': ['start'],
  'command.finished': ['end'],
  'access.denied': ['denied'],
  'policy.changed': ['change'],
  'machine.enrolled': ['creation'],
  'machine.removed': ['deletion'],
};

export function toEcs(event: ExportedEvent): string {
  const { envelope, fields, line } = event;
  const { actor, device } = envelope;
  const machineId = machineOf(event);
  const command = textIn(fields, 'line');
  const exitCode = numberIn(fields, 'exit_code');
  const process = {
    ...(command === null ? {} : { command_line: command }),
    ...(exitCode === null ? {} : { exit_code: exitCode }),
    ...(textIn(fields, 'cwd') === null ? {} : { working_directory: textIn(fields, 'cwd') }),
  };
  return JSON.stringify({
    '@timestamp': new Date(envelope.at).toISOString(),
    ecs: { version: '8.11.0' },
    event: {
      kind: 'event',
      id: envelope.id,
      action: envelope.event,
      code: envelope.code,
      category: CATEGORIES[envelope.event.split('.')[0] ?? ''] ?? ['configuration'],
      type: TYPES[envelope.event] ?? ['info'],
      outcome: envelope.outcome === 'ok' ? 'success' : 'failure',
      sequence: envelope.seq,
      provider: 'caisey',
      dataset: 'caisey.audit',
      original: line,
    },
    organization: { id: envelope.org_id },
    ...('user_id' in actor ? { user: { id: actor.user_id, roles: [actor.role] } } : {}),
    ...(machineId === null ? {} : { host: { id: machineId } }),
    ...(device?.ip == null ? {} : { source: { ip: device.ip } }),
    ...(Object.keys(process).length === 0 ? {} : { process }),
    caisey: { correlation_id: envelope.correlation_id, ...fields },
  });
}
