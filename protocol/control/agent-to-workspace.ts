// Agent → Workspace object, on GET /v1/agent (WebSocket, `Authorization: Machine <credential>`).
import { z } from 'zod';
import { SessionId } from '../ids.ts';
import { MachineFacts } from '../records.ts';

export const AgentToWorkspace = z.discriminatedUnion('type', [
  /** Answer to `challenge`, within 5 s: Ed25519 over challengeText(nonce), base64url. */
  z.object({
    type: z.literal('hello'),
    protocolVersion: z.number().int(),
    signature: z.string().max(128),
    facts: MachineFacts,
    /** Sessions whose pty lives here. */
    sessions: z.array(SessionId).max(1000),
  }),
  z.object({ type: z.literal('pong'), probeId: z.string().max(64) }),
  /** A data socket was cut: a new ticket for a session that lives here. */
  z.object({ type: z.literal('ticket.request'), sessionId: SessionId }),
  /** The pty could not be started. */
  z.object({ type: z.literal('session.failed'), sessionId: SessionId, detail: z.string().max(500) }),
  /** Does the record still begin with the events that this machine saw signed? Null: it saw none. */
  z.object({
    type: z.literal('checkpoint.request'),
    lastSeenSize: z.number().int().nonnegative().nullable(),
  }),
]);
export type AgentToWorkspace = z.infer<typeof AgentToWorkspace>;

/** What the agent signs: bound to this use and to one connection. */
export function challengeText(nonce: string): string {
  return `caisey agent challenge v1\n${nonce}`;
}
