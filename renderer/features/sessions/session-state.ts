import type { SessionId, UserId } from '#protocol/ids.ts';
import type { CallError } from '../../connection/call-error.ts';
import type { Call } from '../../connection/relay-client.ts';
import type { SessionPeople, TerminalClientOptions } from '../../connection/terminal-client.ts';
import type { TerminalState } from '../../connection/terminal-line.ts';
import type { LateTerminal } from '../../terminal/late-terminal.ts';
import type { TerminalView } from '../../terminal/terminal-view.ts';
import type { Away } from './away.ts';
import type { Skipped } from './skipped-output.ts';
import type { RunState } from './step-runner.ts';

export interface SessionState {
  readonly sessionId: SessionId | null;
  readonly phase:
    | { readonly kind: 'opening' }
    | { readonly kind: 'failed'; readonly error: CallError }
    | { readonly kind: 'live'; readonly terminal: TerminalState };
  /** Null until it is read in. */
  readonly view: TerminalView | null;
  /** Output that is missing on screen, and in the recording only. */
  readonly skipped: Skipped | null;
  readonly run: RunState | null;
  /** Who types and who looks on; null until it is told. */
  readonly people: SessionPeople | null;
  /** Null: the machine is there. */
  readonly away: Away | null;
  /** Of what was typed while it was away, once it is known that it will not be sent. */
  readonly lostCharacters: number;
  /** It was to be ended while this command runs: one more time, and it is. Null: it was not. */
  readonly ending: string | null;
  /** Its bell rang, and nobody has seen that yet. */
  readonly rang: boolean;
  /** Something short to say about the last key or paste. */
  readonly hint: string | null;
}

/** A session that is there already, and how to come to it. */
export type KnownSession =
  | { readonly sessionId: SessionId; readonly mode: 'watch' }
  /** With the keyboard, which was this person's or a colleague's so far. */
  | { readonly sessionId: SessionId; readonly mode: 'type'; readonly from: UserId };

export interface SessionPorts {
  readonly call: Call;
  readonly connection: Pick<TerminalClientOptions, 'relayUrl' | 'open' | 'timers' | 'getToken'>;
  readonly isReserved: (event: KeyboardEvent) => boolean;
  readonly readTerminal: () => Promise<LateTerminal>;
}
