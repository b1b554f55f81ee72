// An event of the record as the shapes for other systems read it. The line itself goes along in each of them, so that
// nothing is lost by a shape, and what was signed can still be found.
import { z } from 'zod';
import { AuditEnvelope } from '../audit-envelope.ts';

const Line = AuditEnvelope.catchall(z.unknown());

export interface ExportedEvent {
  readonly envelope: AuditEnvelope;
  /** The event's own fields. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Exactly as it was recorded. */
  readonly line: string;
}

const ENVELOPE: ReadonlySet<string> = new Set(Object.keys(AuditEnvelope.shape));

/** @throws ZodError for a line that is no event: the relay sends none */
export function exportedEvent(line: string): ExportedEvent {
  const read = Line.parse(JSON.parse(line));
  const fields = Object.fromEntries(Object.entries(read).filter(([name]) => !ENVELOPE.has(name)));
  return { envelope: AuditEnvelope.parse(read), fields, line };
}

export function textIn(fields: ExportedEvent['fields'], name: string): string | null {
  const value = fields[name];
  return typeof value === 'string' ? value : null;
}

export function numberIn(fields: ExportedEvent['fields'], name: string): number | null {
  const value = fields[name];
  return typeof value === 'number' ? value : null;
}

/** The machine that an event is about, where it names one. */
export function machineOf({ envelope, fields }: ExportedEvent): string | null {
  const { actor } = envelope;
  return textIn(fields, 'machine_id') ?? ('machine_id' in actor ? actor.machine_id : null);
}
