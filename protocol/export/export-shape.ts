import { CSV_BEGIN, toCsv } from './csv.ts';
import { toEcs } from './ecs.ts';
import { exportedEvent } from './exported-event.ts';
import type { ExportForm } from './export-form.ts';
import { toOcsf } from './ocsf.ts';

export interface ExportShape {
  readonly extension: 'ndjson' | 'csv';
  readonly begin: string;
  /** Of one line of an evidence file, with its line end; empty for lines that are no events. */
  readonly line: (line: string) => string;
}

/** How an evidence file marks the lines of its own: docs/evidence.md. */
const NO_EVENT = '{"type":"';

const ofEvents = (make: (event: ReturnType<typeof exportedEvent>) => string, end: string) => (line: string) =>
  line.startsWith(NO_EVENT) ? '' : `${make(exportedEvent(line))}${end}`;

export const exportShapes: Readonly<Record<Exclude<ExportForm, 'report'>, ExportShape>> = {
  evidence: { extension: 'ndjson', begin: '', line: (line) => `${line}\n` },
  ocsf: { extension: 'ndjson', begin: '', line: ofEvents(toOcsf, '\n') },
  ecs: { extension: 'ndjson', begin: '', line: ofEvents(toEcs, '\n') },
  csv: { extension: 'csv', begin: CSV_BEGIN, line: ofEvents(toCsv, '\r\n') },
};
