// Workspace object → agent.
import { z } from 'zod';
import { CheckpointAnswer } from '../evidence/last-seen.ts';
import { MachineId, SessionId } from '../ids.ts';
import { TerminalSize } from './verbs.ts';

export const WorkspaceToAgent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('challenge'), nonce: z.string().min(16).max(128) }),
  z.object({ type: z.literal('welcome'), machineId: MachineId, machineName: z.string() }),
  z.object({ type: z.literal('ping'), probeId: z.string().max(64) }),
  /** Start a pty and connect its data socket with the ticket (30 s, single use). */
  z.object({ type: z.literal('session.open'), sessionId: SessionId, ticket: z.string(), size: TerminalSize }),
  /** For a session that already lives there. */
  z.object({ type: z.literal('ticket'), sessionId: SessionId, ticket: z.string() }),
  /** End the session's process group. Also sent for sessions that the workspace no longer knows. */
  z.object({ type: z.literal('session.close'), sessionId: SessionId }),
  /** The answer to `checkpoint.request`. */
  CheckpointAnswer.extend({ type: z.literal('checkpoint') }),
]);
export type WorkspaceToAgent = z.infer<typeof WorkspaceToAgent>;
