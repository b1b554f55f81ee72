import { extname } from 'node:path';

interface FileKind {
  /** Of the dialog. */
  readonly title: string;
  readonly filter: { readonly name: string; readonly extensions: string[] };
}

const kind = (title: string, name: string, extension: string): FileKind => ({
  title,
  filter: { name, extensions: [extension] },
});
const NDJSON = kind('Export the record', 'NDJSON', 'ndjson');
const KINDS: Readonly<Record<string, FileKind>> = {
  '.cast': kind('Download the recording', 'asciicast', 'cast'),
  '.csv': kind('Export a table', 'CSV', 'csv'),
  '.html': kind('Export a report', 'HTML', 'html'),
  '.md': kind('Save the runbook', 'Markdown', 'md'),
  '.pdf': kind('Export a report', 'PDF', 'pdf'),
};

export function fileKind(name: string): FileKind {
  return KINDS[extname(name)] ?? NDJSON;
}
