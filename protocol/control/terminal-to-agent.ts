// TerminalSession object → agent, beside binary frames.
import { z } from 'zod';
import { TerminalSize } from './verbs.ts';

const Offset = z.number().int().nonnegative();

export const TerminalToAgent = z.discriminatedUnion('type', [
  /** Answer to `hello`: resend output from `outputOffsetBytes` and facts above `factSeq`. A credit frame follows. */
  z.object({ type: z.literal('welcome'), outputOffsetBytes: Offset, factSeq: Offset }),
  /** Facts up to here are stored; forget them. */
  z.object({ type: z.literal('fact.ack'), factSeq: Offset }),
  z.object({ type: z.literal('resize'), size: TerminalSize }),
  /** Forget input that no program has read: another types from here on. Answered with `input.at`. */
  z.object({ type: z.literal('input.discard') }),
  /** Answered with `screen`. */
  z.object({ type: z.literal('screen.request') }),
  z.object({ type: z.literal('close') }),
]);
export type TerminalToAgent = z.infer<typeof TerminalToAgent>;
