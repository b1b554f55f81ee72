// The agents' control sockets on a workspace. A machine is online while it has one that proved its key;
// presence is read from the sockets themselves, never from a row that a heartbeat keeps.
import { errors } from '#protocol/errors.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import type { MachineId } from '#protocol/ids.ts';
import type { WorkspaceToAgent } from '#protocol/control/workspace-to-agent.ts';
import type { WorkspaceContext } from './context.ts';

export interface AgentState {
  readonly kind: 'agent';
  readonly machineId: MachineId;
  /** What it has to sign; null once it has. */
  readonly nonce: string | null;
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

/** The machine's proven control socket, null while it is offline. */
export function agentSocket(context: WorkspaceContext, machineId: MachineId): WebSocket | null {
  return (
    context
      .sockets(machineTag(machineId))
      .find((socket) => socket.readyState === WebSocket.OPEN && agentState(socket)?.nonce === null) ?? null
  );
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

export function closeAgent(socket: WebSocket, code: ErrorCode): void {
  socket.close(errors[code].closeCode, code);
}
