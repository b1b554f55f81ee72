// The agents' control sockets on a workspace. A machine is online while it has one that proved its key;
// presence is read from the sockets themselves, never from a row that a heartbeat keeps.
import { errors } from '#protocol/errors.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import type { MachineId } from '#protocol/ids.ts';
import { SILENT_AFTER_MS } from '#protocol/control/heartbeat.ts';
import type { WorkspaceToAgent } from '#protocol/control/workspace-to-agent.ts';
import type { WorkspaceContext } from './context.ts';

export const AGENT_TAG = 'agent';

export interface AgentState {
  readonly kind: 'agent';
  readonly machineId: MachineId;
  readonly standing:
    /** It has to sign this. */
    | { readonly name: 'challenged'; readonly nonce: string }
    /** It proved the key, at this time. */
    | { readonly name: 'proven'; readonly at: number }
    /** A newer socket proved the same key: is there still a host at the end of this one? */
    | { readonly name: 'questioned' }
    /** Closed by us; its peer may not know yet. */
    | { readonly name: 'dismissed' };
}

export function machineTag(machineId: MachineId): string {
  return `machine:${machineId}`;
}

export function agentState(socket: WebSocket): AgentState | null {
  // Written by setAgentState alone.
  const state = socket.deserializeAttachment() as { kind: string } | null;
  return state?.kind === 'agent' ? (state as AgentState) : null;
}

export function setAgentState(socket: WebSocket, state: AgentState): void {
  socket.serializeAttachment(state);
}

/** The machine's proven control socket, null while it is away. */
export function agentSocket(context: WorkspaceContext, machineId: MachineId): WebSocket | null {
  return context.sockets(machineTag(machineId)).find((socket) => isPresent(context, socket)) ?? null;
}

/** Proven, and heard of lately: by its beats, which the runtime answers and remembers without waking us. */
export function isPresent(context: WorkspaceContext, socket: WebSocket): boolean {
  if (socket.readyState !== WebSocket.OPEN) return false;
  const standing = agentState(socket)?.standing;
  if (standing?.name !== 'proven') return false;
  const heardAt = Math.max(standing.at, context.lastBeatAt(socket) ?? 0);
  return context.now() - heardAt <= SILENT_AFTER_MS;
}

export function isOnline(context: WorkspaceContext, machineId: MachineId): boolean {
  return agentSocket(context, machineId) !== null;
}

/** False when the machine is offline. */
export function sendToAgent(
  context: WorkspaceContext,
  machineId: MachineId,
  message: WorkspaceToAgent,
): boolean {
  const socket = agentSocket(context, machineId);
  socket?.send(JSON.stringify(message));
  return socket !== null;
}

/** Close it for good: whatever still comes from it is not the machine's. */
export function closeAgent(socket: WebSocket, code: ErrorCode): void {
  const state = agentState(socket);
  if (state !== null) setAgentState(socket, { ...state, standing: { name: 'dismissed' } });
  socket.close(errors[code].closeCode, code);
}
