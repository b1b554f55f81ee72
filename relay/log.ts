// Structured logs: one JSON line an event, with ids. Never tokens, queries or terminal bytes.

type LogValue = string | number | boolean | null | undefined;

/** Write one line to the runtime's log. `fields` hold ids, codes and counts only. */
export function log(event: string, fields: Readonly<Record<string, LogValue>> = {}): void {
  // oxlint-disable-next-line no-console -- workerd's and Cloudflare's log is the console
  console.log(JSON.stringify({ event, ...fields }));
}

/** The message of a caught value, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
