// Reports to the Workspace, in order, kept until it has recorded them; a repeat is harmless there.
import type { CommandRecord } from '#protocol/records.ts';
import type { SessionReport } from './session-report.ts';

const BATCH_ROWS = 50;

export class Outbox {
  readonly #sql: SqlStorage;
  readonly #deliver: (reports: SessionReport[]) => Promise<CommandRecord[]>;
  readonly #onCommands: (commands: CommandRecord[]) => void;
  readonly #onFailed: (error: unknown) => void;
  #running = false;

  constructor(options: {
    readonly sql: SqlStorage;
    readonly deliver: (reports: SessionReport[]) => Promise<CommandRecord[]>;
    readonly onCommands: (commands: CommandRecord[]) => void;
    /** Some reports are still here: run `drain` again later. */
    readonly onFailed: (error: unknown) => void;
  }) {
    this.#sql = options.sql;
    this.#deliver = options.deliver;
    this.#onCommands = options.onCommands;
    this.#onFailed = options.onFailed;
  }

  put(report: SessionReport): void {
    this.#sql.exec('INSERT INTO outbox (json) VALUES (?)', JSON.stringify(report));
  }

  /** Deliver everything; answers at once when that is under way. */
  async drain(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      for (;;) {
        const rows = this.#sql
          .exec<{ id: number; json: string }>('SELECT id, json FROM outbox ORDER BY id LIMIT ?', BATCH_ROWS)
          .toArray();
        const last = rows.at(-1);
        if (last === undefined) return;
        // Written by `put` alone.
        const commands = await this.#deliver(rows.map((row) => JSON.parse(row.json) as SessionReport));
        this.#sql.exec('DELETE FROM outbox WHERE id <= ?', last.id);
        this.#onCommands(commands);
      }
    } catch (error) {
      this.#onFailed(error);
    } finally {
      this.#running = false;
    }
  }
}
