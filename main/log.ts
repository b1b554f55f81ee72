// Structured lines on stderr, one event a line, with ids. Never tokens, never clipboard or terminal text.

export type LogField = string | number | boolean | null;
export type Log = (event: string, fields?: Readonly<Record<string, LogField>>) => void;

/** @param write receives one complete line */
export function createLog(write: (line: string) => void, now: () => Date): Log {
  return (event, fields = {}) => write(`${JSON.stringify({ at: now().toISOString(), event, ...fields })}\n`);
}
