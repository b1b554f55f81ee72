// A table for people (RFC 4180), safe to open in a spreadsheet: no cell can be taken for a formula, whatever somebody
// typed at a machine.
import { shownText } from '../plain-text.ts';
import { machineOf, textIn } from './exported-event.ts';
import type { ExportedEvent } from './exported-event.ts';

const COLUMNS = [
  'seq',
  'time (UTC)',
  'event',
  'outcome',
  'person',
  'role',
  'machine',
  'session',
  'address',
  'command',
  'details',
] as const;

/** What a spreadsheet takes for the beginning of a formula or of a command, also behind white space. */
const FORMULA = /^[\s']*[=+\-@|%\uFF1D\uFF0B\uFF0D\uFF20]/u;

/** The byte order mark tells spreadsheets that it is UTF-8. */
export const CSV_BEGIN = `\uFEFF${COLUMNS.map(cell).join(',')}\r\n`;

export function toCsv(event: ExportedEvent): string {
  const { envelope, fields } = event;
  const { actor, device } = envelope;
  const rest = Object.fromEntries(
    Object.entries(fields).filter(([name]) => !['line', 'machine_id', 'session_id'].includes(name)),
  );
  const row = [
    String(envelope.seq),
    new Date(envelope.at).toISOString().replace('T', ' ').replace('Z', ''),
    envelope.event,
    envelope.outcome,
    'user_id' in actor ? actor.user_id : 'machine_id' in actor ? 'machine' : 'relay',
    'user_id' in actor ? actor.role : '',
    machineOf(event) ?? '',
    textIn(fields, 'session_id') ?? '',
    device?.ip ?? '',
    textIn(fields, 'line') ?? '',
    JSON.stringify(rest),
  ];
  return row.map(cell).join(',');
}

/** Quoted always; nothing hidden in it, and a formula begins with an apostrophe, which a spreadsheet shows as text. */
export function cell(text: string): string {
  const shown = shownText(text);
  return `"${FORMULA.test(text) || FORMULA.test(shown) ? "'" : ''}${shown.replaceAll('"', '""')}"`;
}
