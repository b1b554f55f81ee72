// A session with nobody at its two ends: the test plays the agent and the consoles.
import { onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { encodeFrame, FrameKind } from '#protocol/frame/frame.ts';
import { SessionId } from '#protocol/ids.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { TerminalSocket } from './terminal-socket.ts';
import { TestAgent } from './test-agent.ts';
import { TestConsole } from './test-console.ts';
import { newId, testToken } from './test-token.ts';

export const size = { cols: 80, rows: 24 };
export const bytes = (text: string) => new TextEncoder().encode(text);
export const output = (offset: number, text: string) => encodeFrame(FrameKind.output, offset, bytes(text));

/** Both ends are near, however long this machine takes. @returns the time that it is now, for good */
export function clockStands(): number {
  const now = Date.now();
  vi.setSystemTime(now);
  onTestFinished(() => void vi.useRealTimers());
  return now;
}

export async function openSession() {
  const [org, sid, userId] = [newId('org'), newId('sess'), newId('user')];
  const person = { org, sid, userId, role: 'admin' };
  const console = await TestConsole.enter(await testToken(person));
  const { agent, machineId } = await TestAgent.enrolled(console);
  const opened = z
    .object({ sessionId: SessionId })
    .parse(await console.result('session.open', { machineId, size }));
  const { sessionId } = opened;
  const told = await agent.until(({ type }) => type === 'session.open');
  if (told.type !== 'session.open') throw new Error('unreachable');
  const path = `/v1/terminals/${machineId}/${sessionId}`;
  const attach = async (outputOffsetBytes: number, hello: object = {}, who: object = person) => {
    const socket = await TerminalSocket.open(path, `Bearer ${await testToken(who)}`);
    socket.say({ type: 'hello', protocolVersion: PROTOCOL_VERSION, outputOffsetBytes, size, ...hello });
    return socket;
  };
  const plug = async (ticket: string, outputEndBytes = 0, inputOffsetBytes = 0) => {
    const socket = await TerminalSocket.open('/v1/agent/terminal', `Ticket ${ticket}`);
    const offsets = { outputStartBytes: 0, outputEndBytes, inputOffsetBytes };
    socket.say({ type: 'hello', protocolVersion: PROTOCOL_VERSION, ...offsets });
    return socket;
  };
  const newTicket = async () => {
    const before = agent.messages.length;
    agent.send({ type: 'ticket.request', sessionId });
    const found = await agent.until(
      (message) => message.type === 'ticket' && agent.messages.indexOf(message) >= before,
    );
    return found.type === 'ticket' ? found.ticket : '';
  };
  return {
    org,
    person,
    console,
    agent,
    machineId,
    sessionId,
    path,
    ticket: told.ticket,
    attach,
    plug,
    newTicket,
  };
}
