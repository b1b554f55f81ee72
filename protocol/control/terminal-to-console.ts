// TerminalSession object → console, beside binary frames.
import { z } from 'zod';
import { Count } from '../measures.ts';
import { ScreenPicture } from './agent-to-terminal.ts';
import { CommandRecord, Person, SessionEndReason } from '../records.ts';
import { TerminalSize } from './verbs.ts';
import { WireError } from './wire-error.ts';

export const TerminalToConsole = z.discriminatedUnion('type', [
  /** Answer to `hello`; frames follow from `outputOffsetBytes`. Input continues at `inputOffsetBytes`: resend what lies above. */
  z.object({
    type: z.literal('ready'),
    outputOffsetBytes: Count,
    inputOffsetBytes: Count,
    agent: z.enum(['connected', 'lost']),
  }),
  /**
   * Who is here, after `ready` and whenever it changes. `typist` has the keyboard, also while `away`: not attached. To
   * the one who types, `inputOffsetBytes` says where the input continues, when that was another's before.
   */
  z.object({
    type: z.literal('people'),
    mode: z.enum(['type', 'watch']),
    typist: Person,
    away: z.boolean().default(false),
    watchers: z.array(Person),
    /** How often the keyboard went to another stay. Left out by relays of before. */
    turn: Count.optional(),
    inputOffsetBytes: Count.optional(),
  }),
  /** The screen's size, which the typist's console decides: told to those who watch. */
  z.object({ type: z.literal('size'), size: TerminalSize }),
  /** The agent's data socket came or went. While `lost`, input waits in the console. */
  z.object({
    type: z.literal('agent'),
    state: z.enum(['connected', 'lost']),
    /** With `connected`: input that reached the pty. */
    inputOffsetBytes: Count.optional(),
  }),
  /** Reset the terminal and draw this: output goes on from its offset, and what lies between is in the recording. */
  z.object({ type: z.literal('screen'), picture: ScreenPicture }),
  /** A command as it now stands; all of them again after each `ready`. Replace by `commandId`. */
  z.object({ type: z.literal('command'), command: CommandRecord }),
  /** The last output byte was sent before this. */
  z.object({
    type: z.literal('ended'),
    reason: SessionEndReason,
    exitCode: z.number().int().nullable(),
    outputEndBytes: Count,
  }),
  /** Comes right before a close that the relay decided on. */
  z.object({ type: z.literal('closing'), error: WireError }),
]);
export type TerminalToConsole = z.infer<typeof TerminalToConsole>;
