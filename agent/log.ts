type LogValue = string | number | boolean | null;

/** One lifecycle event with its ids. Never a token, a code, or a byte of a terminal. */
export type Log = (event: string, fields?: Readonly<Record<string, LogValue>>) => void;

/** A JSON line an event: `{"at":<epoch ms>,"event":"connected",…}`. */
export function jsonLines(now: () => number, write: (line: string) => void): Log {
  return (event, fields = {}) => write(`${JSON.stringify({ at: now(), event, ...fields })}\n`);
}
