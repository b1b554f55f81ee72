// Which sockets a session lets in: the agent's with a ticket, once each; a console's until its stay is over.
import { isErrorCode } from '#protocol/errors.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import type { EntryId } from '#protocol/ids.ts';
import type { RecordingArchive } from '../recordings/recording-archive.ts';
import type { SessionStore } from './session-store.ts';

export interface SessionDoorOptions {
  readonly sql: SqlStorage;
  readonly store: SessionStore;
  readonly archive: Pick<RecordingArchive, 'isReleased'>;
}

export class SessionDoor {
  readonly #options: SessionDoorOptions;

  constructor(options: SessionDoorOptions) {
    this.#options = options;
  }

  /** Why the agent may not come in; null: it may, and its ticket is used up. */
  agentFault(ticketId: string): ErrorCode | null {
    const { sql, store } = this.#options;
    if (!store.exists) return 'ticket_invalid';
    if (store.record.ended_at !== null) return 'session_ended';
    const used = sql.exec(
      'INSERT OR IGNORE INTO tickets (ticket_id) VALUES (?) RETURNING ticket_id',
      ticketId,
    );
    return used.toArray().length === 0 ? 'ticket_invalid' : null;
  }

  /** Why a console of this stay may not come in; null: it may. */
  consoleFault(entryId: EntryId): ErrorCode | null {
    const { sql, store, archive } = this.#options;
    if (!store.exists) return 'not_found';
    // Let in by the workspace a moment before it ended the stay.
    const [ended] = sql
      .exec<{ code: string }>('SELECT code FROM ended_entries WHERE entry_id = ?', entryId)
      .toArray();
    if (ended === undefined) return archive.isReleased ? 'session_ended' : null;
    return isErrorCode(ended.code) ? ended.code : 'entry_ended';
  }

  /** This stay is over: from here on its consoles hear this code. */
  shutOut(entryId: EntryId, code: ErrorCode): void {
    const { sql } = this.#options;
    sql.exec('INSERT OR IGNORE INTO ended_entries (entry_id, code) VALUES (?, ?)', entryId, code);
  }
}
