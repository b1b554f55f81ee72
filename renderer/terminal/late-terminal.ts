import type { HiddenTerminal } from './hidden-terminal.ts';
import type { TerminalView } from './terminal-view.ts';

export interface TerminalParts {
  readonly TerminalView: typeof TerminalView;
  readonly HiddenTerminal: typeof HiddenTerminal;
}

interface Unreadable {
  readonly code: string;
  readonly text: string;
  readonly retryable: boolean;
}

export type LateTerminal =
  | { readonly ok: true; readonly parts: TerminalParts }
  | { readonly ok: false; readonly error: Unreadable };

const UNREADABLE: Unreadable = {
  code: 'terminal_unreadable',
  text: 'The terminal could not be read from this computer, perhaps because the console was updated while it ran. Quit it and start it again.',
  retryable: false,
};

/**
 * The terminal, read in when one is first asked for: xterm is the largest part of what stands inside, and most windows
 * of a night have no session. Asked again it is there at once. Only the console's own files can fail it.
 */
export async function readTerminal(): Promise<LateTerminal> {
  try {
    const [{ TerminalView }, { HiddenTerminal }] = await Promise.all([
      import('./terminal-view.ts'),
      import('./hidden-terminal.ts'),
    ]);
    return { ok: true, parts: { TerminalView, HiddenTerminal } };
  } catch {
    return { ok: false, error: UNREADABLE };
  }
}
