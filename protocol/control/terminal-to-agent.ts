// TerminalSession object → agent, beside binary frames.
import { z } from 'zod';
import { Count } from '../measures.ts';
import { TerminalSize } from './verbs.ts';

export const TerminalToAgent = z.discriminatedUnion('type', [
  /** Answer to `hello`: resend output from `outputOffsetBytes` and facts above `factSeq`. A credit frame follows. */
  z.object({ type: z.literal('welcome'), outputOffsetBytes: Count, factSeq: Count }),
  /** Facts up to here are stored; forget them. */
  z.object({ type: z.literal('fact.ack'), factSeq: Count }),
  z.object({ type: z.literal('resize'), size: TerminalSize }),
  /** Forget input that no program has read: another types from here on. Answered with `input.at`. */
  z.object({ type: z.literal('input.discard') }),
  /** Answered with `screen`. */
  z.object({ type: z.literal('screen.request') }),
  /** End the session's processes; its last output and `exited` follow. */
  z.object({ type: z.literal('close') }),
]);
export type TerminalToAgent = z.infer<typeof TerminalToAgent>;
