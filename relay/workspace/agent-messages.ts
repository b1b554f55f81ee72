// The agents' side of a workspace: challenge and proof of key, presence, probes, tickets for data
// sockets, and agreement about which sessions still live.
import { AgentToWorkspace, challengeText } from '#protocol/control/agent-to-workspace.ts';
import { parseMessage } from '#protocol/parse-message.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { compareCheckpoint } from '../audit/compare-checkpoint.ts';
import { fromBase64url, toBase64url } from '../auth/base64url.ts';
import { log } from '../log.ts';
import { agentState, closeAgent, machineTag, sendToAgent, setAgentState } from './agent-sockets.ts';
import type { AgentState } from './agent-sockets.ts';
import type { WorkspaceContext } from './context.ts';
import { isQuarantined } from './key-alert-row.ts';
import { questionOlder } from './key-alerts.ts';
import { announceMachine, noteSeen, storedMachine, updateFacts } from './machines.ts';
import { requestEnd } from './request-end.ts';
import { issueTicket, noteFailedStart, openSessionsOn } from './sessions.ts';
import { storedSession } from './session-rows.ts';

const AGENT_MESSAGE_MAX_LENGTH = 128 * 1024;

/** A new control socket with a good credential: it proves its key within five seconds or is closed. */
export function challengeAgent(
  context: WorkspaceContext,
  socket: WebSocket,
  machineId: AgentState['machineId'],
): void {
  const bytes = new Uint8Array(32);
  context.random(bytes);
  const nonce = toBase64url(bytes);
  setAgentState(socket, { kind: 'agent', machineId, standing: { name: 'challenged', nonce } });
  socket.send(JSON.stringify({ type: 'challenge', nonce }));
  context.agentHandshakes.begin(socket);
}

export async function onAgentMessage(
  context: WorkspaceContext,
  socket: WebSocket,
  data: string | ArrayBuffer,
): Promise<void> {
  const state = agentState(socket);
  if (state === null) return;
  if (typeof data !== 'string') return closeAgent(socket, 'message_invalid');
  if (data.length > AGENT_MESSAGE_MAX_LENGTH) return closeAgent(socket, 'message_too_large');
  const parsed = parseMessage(AgentToWorkspace, data);
  if (!parsed.ok) return closeAgent(socket, 'message_invalid');
  const { message } = parsed;
  if (message.type === 'hello') return onHello(context, socket, state, message);
  if (state.standing.name === 'challenged') return closeAgent(socket, 'challenge_failed');
  // Of one that a newer connection questioned, only the answer counts.
  if (state.standing.name !== 'proven' && message.type !== 'pong') return;
  switch (message.type) {
    case 'pong':
      context.probes.answered(state.machineId, message.probeId);
      return;
    case 'ticket.request': {
      const session = storedSession(context, message.sessionId);
      const { sessionId } = message;
      if (session === null || session.machine_id !== state.machineId || session.state === 'ended') {
        sendToAgent(context, state.machineId, { type: 'session.close', sessionId });
        return;
      }
      const ticket = issueTicket(context, state.machineId, sessionId);
      sendToAgent(context, state.machineId, { type: 'ticket', sessionId, ticket });
      return;
    }
    case 'session.failed':
      return noteFailedStart(context, state.machineId, message.sessionId);
    case 'checkpoint.request': {
      const answer = compareCheckpoint(context.sql, message.lastSeenSize);
      sendToAgent(context, state.machineId, { type: 'checkpoint', ...answer });
      return;
    }
  }
}

export function onAgentClosed(context: WorkspaceContext, state: AgentState): void {
  if (state.standing.name !== 'proven') return;
  noteSeen(context, state.machineId);
  announceMachine(context, state.machineId);
}

async function onHello(
  context: WorkspaceContext,
  socket: WebSocket,
  state: AgentState,
  hello: Extract<AgentToWorkspace, { type: 'hello' }>,
): Promise<void> {
  const { machineId, standing } = state;
  if (hello.protocolVersion !== PROTOCOL_VERSION) return closeAgent(socket, 'version_unsupported');
  const machine = storedMachine(context, machineId);
  if (standing.name !== 'challenged' || machine === null) return closeAgent(socket, 'message_invalid');
  if (!(await provesKey(machine.public_key, standing.nonce, hello.signature))) {
    log('agent.refused', { org: context.org, machine: machineId, code: 'challenge_failed' });
    return closeAgent(socket, 'challenge_failed');
  }
  context.agentHandshakes.done(socket);
  if (socket.readyState !== WebSocket.OPEN) return;
  if (isQuarantined(context, machineId)) return closeAgent(socket, 'machine_quarantined');
  const older = context.sockets(machineTag(machineId)).filter((one) => {
    return one.readyState === WebSocket.OPEN && agentState(one)?.standing.name === 'proven';
  });
  setAgentState(socket, { ...state, standing: { name: 'proven', at: context.now() } });
  for (const one of older) questionOlder(context, one, machineId);
  updateFacts(context, machineId, hello.facts);
  sendToAgent(context, machineId, { type: 'welcome', machineId, machineName: machine.name });
  announceMachine(context, machineId);
  agreeOnSessions(context, machineId, hello.sessions);
}

/** What lives on one side only is ended on that side. */
function agreeOnSessions(
  context: WorkspaceContext,
  machineId: AgentState['machineId'],
  held: readonly AgentToWorkspaceSession[],
): void {
  const open = openSessionsOn(context, machineId);
  for (const sessionId of held) {
    if (!open.some((session) => session.session_id === sessionId)) {
      sendToAgent(context, machineId, { type: 'session.close', sessionId });
    }
  }
  for (const session of open) {
    // One that is still opening may not have reached the agent; its own timeout looks after it.
    if (session.state === 'live' && !held.includes(session.session_id)) {
      requestEnd(context, session.session_id, 'agent_lost');
    }
  }
}

type AgentToWorkspaceSession = Extract<AgentToWorkspace, { type: 'hello' }>['sessions'][number];

async function provesKey(publicKey: string, nonce: string, signature: string): Promise<boolean> {
  const keyBytes = fromBase64url(publicKey);
  const signatureBytes = fromBase64url(signature);
  if (keyBytes === null || signatureBytes === null || signatureBytes.length !== 64) return false;
  const key = await crypto.subtle.importKey('raw', keyBytes, { name: 'Ed25519' }, false, ['verify']);
  const text = new TextEncoder().encode(challengeText(nonce));
  return crypto.subtle.verify({ name: 'Ed25519' }, key, signatureBytes, text);
}
