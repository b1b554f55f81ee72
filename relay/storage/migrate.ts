// Append-only migrations of an object's SQLite, checked at every start: a step that was applied before
// and reads differently now is a bug that would corrupt stored data silently, so it throws.
import { createHash } from 'node:crypto';

/** SQL statements in order. Never edit a published step; append. */
export type Migrations = readonly string[];

export function migrate(storage: DurableObjectStorage, migrations: Migrations): void {
  storage.transactionSync(() => {
    const { sql } = storage;
    sql.exec('CREATE TABLE IF NOT EXISTS migrations (step INTEGER PRIMARY KEY, sha256 TEXT NOT NULL)');
    const applied = sql
      .exec<{ step: number; sha256: string }>('SELECT step, sha256 FROM migrations')
      .toArray();
    const known = new Map(applied.map((row) => [row.step, row.sha256]));
    for (const [step, statements] of migrations.entries()) {
      const sha256 = createHash('sha256').update(statements).digest('hex');
      const before = known.get(step);
      if (before === sha256) continue;
      if (before !== undefined) throw new Error(`Migration ${step} was changed after it had been applied.`);
      sql.exec(statements);
      sql.exec('INSERT INTO migrations (step, sha256) VALUES (?, ?)', step, sha256);
    }
    if (known.size > migrations.length) throw new Error('This data was written by a newer relay.');
  });
}
