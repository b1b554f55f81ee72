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

/** As `putDue`, but a row that is there keeps its time and tries. */
export function putDueOnce(sql: SqlStorage, key: string, at: number, kind: string, arg: string): void {
  sql.exec('INSERT OR IGNORE INTO due (key, at, kind, arg) VALUES (?, ?, ?, ?)', key, at, kind, arg);
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

/**
 * Act on a row that is due, then drop it. While it is acted on it stands, put off for another try: 1 s, 2 s, 4 s …
 * at most a minute apart. So what fails or is killed half way is tried again, and what is put anew under the same key
 * meanwhile is another task, and stays. Rejects with what `act` threw.
 */
export async function performDue(
  sql: SqlStorage,
  due: Due,
  now: number,
  act: () => void | Promise<void>,
): Promise<void> {
  const tries = due.tries + 1;
  const delayMs = Math.min(60_000, 1000 * 2 ** due.tries);
  sql.exec('UPDATE due SET at = ?, tries = ? WHERE key = ?', now + delayMs, tries, due.key);
  await act();
  // `putDue` starts at no tries: a row that it wrote meanwhile is not this one.
  sql.exec('DELETE FROM due WHERE key = ? AND tries = ?', due.key, tries);
}

/** Epoch ms of the earliest row, null when nothing is due. */
export function nextDueAt(sql: SqlStorage): number | null {
  const [row] = sql.exec<{ at: number | null }>('SELECT MIN(at) AS at FROM due').toArray();
  return row?.at ?? null;
}
