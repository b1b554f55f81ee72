// Agent → TerminalSession object, on GET /v1/agent/terminal (WebSocket, `Authorization: Ticket <ticket>`), beside binary frames.
import { z } from 'zod';
import { Count, Time } from '../measures.ts';
import { CommandId } from '../ids.ts';
import { TerminalSize } from './verbs.ts';

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
    outputOffsetBytes: Count,
  }),
  z.object({
    fact: z.literal('command.finished'),
    commandId: CommandId,
    exitCode: z.number().int().nullable(),
    durationMs: Count,
    trusted: z.boolean(),
    /** Its output lies below. Left out by agents of before. */
    outputEndBytes: Count.optional(),
  }),
  /** Something was typed with echo off: how much, never what. */
  z.object({ fact: z.literal('input.redacted'), bytes: Count }),
  /** The shell is gone and its process group ended. All output lies below `outputEndBytes`. */
  z.object({
    fact: z.literal('exited'),
    exitCode: z.number().int().nullable(),
    signal: z.number().int().nullable(),
    outputEndBytes: Count,
  }),
]);
export type SessionFact = z.infer<typeof SessionFact>;

/** A larger screen is not told: the output itself is sent. */
export const SCREEN_MAX_BYTES = 256 * 1024;

/** What draws a session's screen on a terminal that was reset, as it stands at an offset of the output. */
export const ScreenPicture = z.object({
  /** Output below is in it, whether or not it was sent on this socket; output goes on from here. */
  offsetBytes: Count,
  size: TerminalSize,
  /** Base64. */
  data: z.base64().max((SCREEN_MAX_BYTES * 4) / 3 + 4),
});
export type ScreenPicture = z.infer<typeof ScreenPicture>;

export const AgentToTerminal = z.discriminatedUnion('type', [
  /** First on every socket. The ring holds output `outputStartBytes`..`outputEndBytes`. */
  z.object({
    type: z.literal('hello'),
    protocolVersion: z.number().int(),
    outputStartBytes: Count,
    outputEndBytes: Count,
    /** Input below reached the pty. */
    inputOffsetBytes: Count,
    /** It asks for a sign of life whenever its line is quiet: silence means that the line is dead. */
    beats: z.boolean().default(false),
  }),
  /** Answer to `input.discard`: input below reached the pty, and the next byte follows it. */
  z.object({ type: z.literal('input.at'), inputOffsetBytes: Count }),
  /** Answer to `screen.request`; null: it cannot be told. Neither output nor recorded. */
  z.object({ type: z.literal('screen'), picture: ScreenPicture.nullable() }),
  /** `factSeq` counts from 1 without gaps within the session. `at`: epoch ms of the machine's clock. */
  z.object({ type: z.literal('fact'), factSeq: z.number().int().positive(), at: Time, fact: SessionFact }),
]);
export type AgentToTerminal = z.infer<typeof AgentToTerminal>;
