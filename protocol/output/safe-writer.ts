import type { TerminalSize } from '#protocol/control/verbs.ts';
import { capParameters } from './capped-parameters.ts';
import { characterStart, wholeCharacters } from './whole-characters.ts';

/** xterm parses a piece without a pause: this much of its slowest sequences stays far below a quarter of a second. */
const PIECE_BYTES = 1024;

/** What this needs of a terminal: xterm's, with a screen or without. */
export interface ParsingTerminal {
  readonly cols: number;
  readonly rows: number;
  write(bytes: Uint8Array, parsed?: () => void): void;
}

/** Writes what a machine sent, in order, so that no content of it can hold up the page. `drawn`: all of it is parsed. */
export function safeWriter(terminal: ParsingTerminal): (bytes: Uint8Array, drawn?: () => void) => void {
  const cap = capParameters((): TerminalSize => ({ cols: terminal.cols, rows: terminal.rows }));
  const whole = wholeCharacters();
  return (bytes, drawn) => {
    const safe = whole(cap(bytes));
    let at = 0;
    while (safe.length - at > PIECE_BYTES) {
      const end = characterStart(safe, at + PIECE_BYTES);
      terminal.write(safe.subarray(at, end));
      at = end;
    }
    terminal.write(safe.subarray(at), drawn);
  };
}
