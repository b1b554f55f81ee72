// Agent → TerminalSession object, on GET /v1/agent/terminal (WebSocket, `Authorization: Ticket <ticket>`), beside binary frames.
import { z } from 'zod';
import { CommandId } from '../ids.ts';
import { TerminalSize } from './verbs.ts';

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
    /** Its output lies below. Left out by agents of before. */
    outputEndBytes: Offset.optional(),
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

/** A larger screen is not told: the output itself is sent. */
export const SCREEN_MAX_BYTES = 256 * 1024;

/** What draws a session's screen on a terminal that was reset, as it stands at an offset of the output. */
export const ScreenPicture = z.object({
  /** Output below is in it, whether or not it was sent on this socket; output goes on from here. */
  offsetBytes: Offset,
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
    outputStartBytes: Offset,
    outputEndBytes: Offset,
    inputOffsetBytes: Offset,
    /** It asks for a sign of life whenever its line is quiet: silence means that the line is dead. */
    beats: z.boolean().default(false),
  }),
  /** `factSeq` counts from 1 without gaps within the session. */
  /** Answer to `input.discard`: input below reached the pty, and the next byte follows it. */
  z.object({ type: z.literal('input.at'), inputOffsetBytes: Offset }),
  /** Answer to `screen.request`; null: it cannot be told. Neither output nor recorded. */
  z.object({ type: z.literal('screen'), picture: ScreenPicture.nullable() }),
  z.object({ type: z.literal('fact'), factSeq: z.number().int().positive(), at: Offset, fact: SessionFact }),
]);
export type AgentToTerminal = z.infer<typeof AgentToTerminal>;
