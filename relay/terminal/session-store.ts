// What a TerminalSession must still know after it was killed: one row.
import { z } from 'zod';
import { EntryId, MachineId, SessionId, UserId } from '#protocol/ids.ts';
import { SessionEndReason } from '#protocol/records.ts';
import type { SessionBirth } from './terminal-calls.ts';

const SessionRecord = z.object({
  machine_id: MachineId,
  session_id: SessionId,
  cols: z.number(),
  rows: z.number(),
  /** never: no data socket yet; lost: cut at `lost_at`. */
  agent: z.enum(['never', 'connected', 'lost']),
  lost_at: z.number().nullable(),
  /** How often the agent's socket was cut. */
  cuts: z.number(),
  /** Last fact of the agent's that is stored. */
  fact_seq: z.number(),
  /** Input bytes that reached the pty. */
  input_offset: z.number(),
  end_requested: SessionEndReason.nullable(),
  ended_at: z.number().nullable(),
  end_reason: SessionEndReason.nullable(),
  exit_code: z.number().nullable(),
  /** Whose keyboard it is. */
  typist_entry: EntryId,
  typist_user: UserId,
  typist_name: z.string(),
  /** How often it went to another stay. */
  typist_turn: z.number(),
});
export type SessionRecord = z.infer<typeof SessionRecord>;

/** The row, kept in memory as well: it is read for every frame. */
export class SessionStore {
  readonly #sql: SqlStorage;
  #record: SessionRecord | null;
  #inputIsNewer = false;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    const [row] = sql.exec('SELECT * FROM session').toArray();
    this.#record = row === undefined ? null : SessionRecord.parse(row);
  }

  /** False before `create`. */
  get exists(): boolean {
    return this.#record !== null;
  }

  /** Throws before `create`. */
  get record(): SessionRecord {
    if (this.#record === null) throw new Error('A session that was never created.');
    return this.#record;
  }

  create({ machineId, sessionId, size, typist }: SessionBirth): void {
    const row = this.#sql
      .exec(
        `INSERT INTO session (only, machine_id, session_id, cols, rows, typist_entry, typist_user, typist_name)
         VALUES (1, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
        machineId,
        sessionId,
        size.cols,
        size.rows,
        typist.entryId,
        typist.userId,
        typist.name,
      )
      .one();
    this.#record = SessionRecord.parse(row);
  }

  update(change: Partial<SessionRecord>): void {
    const record = this.record;
    const columns = Object.keys(change);
    // Column names come from the type above, never from outside.
    this.#sql.exec(
      `UPDATE session SET ${columns.map((column) => `${column} = ?`).join(', ')}`,
      ...Object.values(change),
    );
    this.#record = { ...record, ...change };
  }

  /** Input reached the pty. Written with the next batch, not for every key: the agent knows it better. */
  noteInput(offsetBytes: number): void {
    if (offsetBytes <= this.record.input_offset) return;
    this.#record = { ...this.record, input_offset: offsetBytes };
    this.#inputIsNewer = true;
  }

  writeInput(): void {
    if (!this.#inputIsNewer) return;
    this.#inputIsNewer = false;
    this.update({ input_offset: this.record.input_offset });
  }
}
