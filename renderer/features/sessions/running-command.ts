import type { CommandRecord } from '#protocol/records.ts';

/** What runs in a session's shell, as the shell tells it: the command that began last, until it ends. */
export class RunningCommand {
  #last: CommandRecord | null = null;

  /** In any order, and again after each reconnect. */
  heard(command: CommandRecord): void {
    if (this.#last === null || command.startedAt >= this.#last.startedAt) this.#last = command;
  }

  /** Null: nothing runs, as far as it is told. */
  get line(): string | null {
    return this.#last?.finishedAt === null ? this.#last.line : null;
  }
}

const ESCAPE = 0x1b;

/** What a key means to the question whether a running command may end: any but a report of the terminal keeps it. */
export function answerToEnding(bytes: Uint8Array): { readonly keeps: boolean; readonly typed: boolean } {
  const bare = bytes.length === 1;
  // Esc alone is the answer, and not meant for the machine.
  return bytes[0] === ESCAPE ? { keeps: bare, typed: !bare } : { keeps: true, typed: true };
}
