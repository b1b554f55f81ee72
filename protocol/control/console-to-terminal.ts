// Console → TerminalSession object, on GET /v1/terminals/:machineId/:sessionId (WebSocket), beside binary frames.
import { z } from 'zod';
import { Count } from '../measures.ts';
import { TerminalSize } from './verbs.ts';

export const ConsoleToTerminal = z.discriminatedUnion('type', [
  /** First on every socket. `outputOffsetBytes`: output this console already has. */
  z.object({
    type: z.literal('hello'),
    protocolVersion: z.number().int(),
    outputOffsetBytes: Count,
    /** Where much is missing, a `screen` will do in place of the output. False: every byte. */
    takesScreen: z.boolean().default(false),
    /** `type` is for the stay that has the keyboard; for another it is refused with `session_taken_over`. */
    mode: z.enum(['type', 'watch']).default('type'),
    /** It was typed into before by this very console, which keeps what was not confirmed. */
    resumesInput: z.boolean().default(true),
    /** That was in this turn; in another one, what was not confirmed is void. Left out by consoles of before. */
    turn: Count.optional(),
    size: TerminalSize,
  }),
  /**
   * Also the first that a console says once it has the keyboard again, with the turn that it was told: what was on its
   * way before was typed in another, and is not taken.
   */
  z.object({ type: z.literal('resize'), size: TerminalSize, turn: Count.optional() }),
]);
export type ConsoleToTerminal = z.infer<typeof ConsoleToTerminal>;
