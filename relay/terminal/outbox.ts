// Reports to the Workspace, in order, kept until it has recorded them; a repeat is harmless there.
import type { CommandRecord } from '#protocol/records.ts';
import { SessionReport } from './session-report.ts';

const BATCH_ROWS = 50;

export class Outbox {
  readonly #sql: SqlStorage;
  readonly #deliver: (reports: SessionReport[]) => Promise<CommandRecord[]>;
  readonly #onCommands: (commands: CommandRecord[]) => void;
  #running = false;

  constructor(options: {
    readonly sql: SqlStorage;
    readonly deliver: (reports: SessionReport[]) => Promise<CommandRecord[]>;
    readonly onCommands: (commands: CommandRecord[]) => void;
  }) {
    this.#sql = options.sql;
    this.#deliver = options.deliver;
    this.#onCommands = options.onCommands;
  }

  /** Delivered with the next `drain`. To be called in the transaction that makes it true. */
  put(report: SessionReport): void {
    this.#sql.exec('INSERT INTO outbox (json) VALUES (?)', JSON.stringify(report));
  }

  /** What was not delivered never will be. */
  erase(): void {
    this.#sql.exec('DELETE FROM outbox');
  }

  /** Deliver everything; answers at once when that is under way. Rejects while some are still here: run it again later. */
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
        const commands = await this.#deliver(rows.map((row) => SessionReport.parse(JSON.parse(row.json))));
        this.#sql.exec('DELETE FROM outbox WHERE id <= ?', last.id);
        this.#onCommands(commands);
      }
    } finally {
      this.#running = false;
    }
  }
}
