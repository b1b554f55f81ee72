// Agent → TerminalSession object, on GET /v1/agent/terminal (WebSocket, `Authorization: Ticket <ticket>`), beside binary frames.
import { z } from 'zod';
import { CommandId } from '../ids.ts';

const Offset = z.number().int().nonnegative();

/** Facts about the session that must not be lost: numbered, resent after a cut until acknowledged. */
export const SessionFact = z.discriminatedUnion('fact', [
  z.object({
    fact: z.literal('started'),
    pid: z.number().int(),
    shell: z.string().max(255),
    user: z.string().max(120),
  }),
  z.object({
    fact: z.literal('command.started'),
    commandId: CommandId,
    /** As typed, but for values that look like secrets. */
    line: z.string().max(32_768),
    /** Of a redacted line as typed: HMAC-SHA-256 under a key of the session that never leaves the agent. */
    lineHmac: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
    cwd: z.string().max(4096),
    trusted: z.boolean(),
    outputOffsetBytes: Offset,
  }),
  z.object({
    fact: z.literal('command.finished'),
    commandId: CommandId,
    exitCode: z.number().int().nullable(),
    durationMs: Offset,
    trusted: z.boolean(),
  }),
  /** Something was typed with echo off: how much, never what. */
  z.object({ fact: z.literal('input.redacted'), bytes: Offset }),
  /** The shell is gone and its process group ended. All output lies below `outputEndBytes`. */
  z.object({
    fact: z.literal('exited'),
    exitCode: z.number().int().nullable(),
    signal: z.number().int().nullable(),
    outputEndBytes: Offset,
  }),
]);
export type SessionFact = z.infer<typeof SessionFact>;

export const AgentToTerminal = z.discriminatedUnion('type', [
  /** First on every socket. The ring holds output `outputStartBytes`..`outputEndBytes`. */
  z.object({
    type: z.literal('hello'),
    protocolVersion: z.number().int(),
    outputStartBytes: Offset,
    outputEndBytes: Offset,
    inputOffsetBytes: Offset,
  }),
  /** `factSeq` counts from 1 without gaps within the session. */
  z.object({ type: z.literal('fact'), factSeq: z.number().int().positive(), at: Offset, fact: SessionFact }),
]);
export type AgentToTerminal = z.infer<typeof AgentToTerminal>;
