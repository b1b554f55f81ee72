// Console → TerminalSession object, on GET /v1/terminals/:machineId/:sessionId (WebSocket), beside binary frames.
import { z } from 'zod';
import { TerminalSize } from './verbs.ts';

const Offset = z.number().int().nonnegative();

export const ConsoleToTerminal = z.discriminatedUnion('type', [
  /** First on every socket. `outputOffsetBytes`: output this console already has. */
  z.object({
    type: z.literal('hello'),
    protocolVersion: z.number().int(),
    outputOffsetBytes: Offset,
    /** Where much is missing, a `screen` will do in place of the output. False: every byte. */
    takesScreen: z.boolean().default(false),
    size: TerminalSize,
  }),
  z.object({ type: z.literal('resize'), size: TerminalSize }),
]);
export type ConsoleToTerminal = z.infer<typeof ConsoleToTerminal>;
