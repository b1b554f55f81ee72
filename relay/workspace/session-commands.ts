// A session's commands for the review, a part at a time: a message holds 32 MiB, and one line may have 32,768
// characters.
import type { SessionId } from '#protocol/ids.ts';
import type { CommandRecord } from '#protocol/records.ts';
import type { WorkspaceContext } from './context.ts';
import { toCommandRecord } from './command-row.ts';

export interface CommandPart {
  readonly commands: CommandRecord[];
  /** As JSON. */
  readonly characters: number;
  /** How many stand before the next part; null: these were the last. */
  readonly next: number | null;
}

/** Commands after the first `from`, while they are fewer characters than this. */
export function commandsFrom(
  { sql }: WorkspaceContext,
  sessionId: SessionId,
  from: number,
  maxCharacters: number,
): CommandPart {
  const rows = sql.exec(
    'SELECT * FROM commands WHERE session_id = ? ORDER BY started_at, output_offset LIMIT -1 OFFSET ?',
    sessionId,
    from,
  );
  const commands: CommandRecord[] = [];
  let characters = 0;
  for (const row of rows) {
    if (characters >= maxCharacters) return { commands, characters, next: from + commands.length };
    const command = toCommandRecord(row);
    commands.push(command);
    characters += JSON.stringify(command).length;
  }
  return { commands, characters, next: null };
}
