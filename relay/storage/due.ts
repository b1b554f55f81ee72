// What an object must do later, kept in a table because an object has one alarm: it rings for the
// earliest row. Rows are also the outbox of calls to other objects: they stay until the call succeeded.

export interface Due {
  /** Identifies the task: putting the same key again moves it. */
  readonly key: string;
  readonly at: number;
  readonly kind: string;
  readonly arg: string;
  readonly tries: number;
}

export function putDue(sql: SqlStorage, key: string, at: number, kind: string, arg: string): void {
  sql.exec(
    'INSERT INTO due (key, at, kind, arg) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET at = excluded.at, tries = 0',
    key,
    at,
    kind,
    arg,
  );
}

export function dropDue(sql: SqlStorage, key: string): void {
  sql.exec('DELETE FROM due WHERE key = ?', key);
}

export function dueUntil(sql: SqlStorage, now: number): Due[] {
  return sql
    .exec<{ key: string; at: number; kind: string; arg: string; tries: number }>(
      'SELECT key, at, kind, arg, tries FROM due WHERE at <= ? ORDER BY at',
      now,
    )
    .toArray();
}

/** Try again later: 1 s, 2 s, 4 s … at most a minute apart. */
export function postponeDue(sql: SqlStorage, due: Due, now: number): void {
  const delayMs = Math.min(60_000, 1000 * 2 ** due.tries);
  sql.exec('UPDATE due SET at = ?, tries = tries + 1 WHERE key = ?', now + delayMs, due.key);
}

/** Epoch ms of the earliest row, null when nothing is due. */
export function nextDueAt(sql: SqlStorage): number | null {
  const [row] = sql.exec<{ at: number | null }>('SELECT MIN(at) AS at FROM due').toArray();
  return row?.at ?? null;
}
