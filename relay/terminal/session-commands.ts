import { CommandRecord } from '#protocol/records.ts';

/** Told again to a console that comes (back): the newest, by number and in all by their length. */
const REPEATED = { most: 500, length: 256 * 1024 };

/** A session's commands as the workspace recorded them. */
export class SessionCommands {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** A new one, or what is known of one by now. */
  put(command: CommandRecord): void {
    this.#sql.exec(
      `INSERT INTO commands (command_id, started_at, json) VALUES (?, ?, ?)
       ON CONFLICT (command_id) DO UPDATE SET json = excluded.json`,
      command.commandId,
      command.startedAt,
      JSON.stringify(command),
    );
  }

  /** The newest that are told again, oldest first. */
  newest(): CommandRecord[] {
    return this.#sql
      .exec<{ json: string }>(
        `SELECT json FROM (
           SELECT started_at, command_id, json, SUM(LENGTH(json)) OVER (ORDER BY started_at DESC, command_id DESC) AS length
           FROM (SELECT * FROM commands ORDER BY started_at DESC, command_id DESC LIMIT ?)
         ) WHERE length <= ? ORDER BY started_at, command_id`,
        REPEATED.most,
        REPEATED.length,
      )
      .toArray()
      .map(({ json }) => CommandRecord.parse(JSON.parse(json)));
  }

  erase(): void {
    this.#sql.exec('DELETE FROM commands');
  }
}
