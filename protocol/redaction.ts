// In a command line that an agent reports, this stands for whatever looked like a secret.
export const REDACTED = '[redacted]';

/** Could `reported` be `line` after redaction? Equal where nothing was redacted. */
export function isReportOf(reported: string, line: string): boolean {
  const [start = '', ...rest] = reported.split(REDACTED);
  const end = rest.pop();
  if (end === undefined) return reported === line;
  if (!line.startsWith(start)) return false;
  let at = start.length;
  for (const part of rest) {
    const found = line.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return line.length - end.length >= at && line.endsWith(end);
}
