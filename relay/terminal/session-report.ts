import { z } from 'zod';
import { Count } from '#protocol/measures.ts';
import { CommandId } from '#protocol/ids.ts';
import { SessionEndReason } from '#protocol/records.ts';

const opId = z.string();

/** What a TerminalSession tells its Workspace. `opId` makes a repeat harmless. */
export const SessionReport = z.discriminatedUnion('type', [
  z.object({ opId, type: z.literal('started'), shell: z.string(), user: z.string() }),
  z.object({
    opId,
    type: z.literal('command.started'),
    commandId: CommandId,
    line: z.string(),
    lineHmac: z.string().nullable().default(null),
    cwd: z.string(),
    trusted: z.boolean(),
    outputOffsetBytes: Count,
  }),
  z.object({
    opId,
    type: z.literal('command.finished'),
    commandId: CommandId,
    exitCode: z.number().nullable(),
    durationMs: z.number(),
    trusted: z.boolean(),
    outputEndBytes: Count.nullable().default(null),
  }),
  z.object({ opId, type: z.literal('input.redacted'), bytes: Count }),
  z.object({ opId, type: z.literal('interrupted'), bytesIn: Count, bytesOut: Count }),
  z.object({ opId, type: z.literal('resumed'), bytesIn: Count, bytesOut: Count, gapMs: z.number() }),
  z.object({
    opId,
    type: z.literal('ended'),
    reason: SessionEndReason,
    exitCode: z.number().nullable(),
    bytesIn: Count,
    bytesOut: Count,
    recordingSha256: z.string(),
  }),
]);
export type SessionReport = z.infer<typeof SessionReport>;
