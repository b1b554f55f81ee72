/** Signed events on their way, in order and without gaps. */
export interface Batch {
  readonly org: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** 1: sent for the first time. More: what is in it may have arrived before. */
  readonly attempt: number;
  readonly events: readonly StreamedEvent[];
}

export interface StreamedEvent {
  readonly event: string;
  readonly at: number;
  /** The exact public line of the record. */
  readonly line: string;
}

const BATCH_EVENTS = 500;
const BATCH_LENGTH = 256 * 1024;

/** The next events after `afterSeq`, up to `upTo` at most. */
export function nextEvents(sql: SqlStorage, afterSeq: number, upTo: number): StreamedEvent[] {
  const rows = sql.exec<{ event: string; at: number; line: string }>(
    'SELECT event, at, line FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?',
    afterSeq,
    upTo,
    BATCH_EVENTS,
  );
  const events: StreamedEvent[] = [];
  let length = 0;
  for (const row of rows) {
    length += row.line.length;
    if (events.length > 0 && length > BATCH_LENGTH) break;
    events.push(row);
  }
  return events;
}
