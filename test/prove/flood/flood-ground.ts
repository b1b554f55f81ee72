// What a flooder has: an organization of its own, people of it with real tokens, machines with real credentials.
import { z } from 'zod';
import { WorkspaceToAgent } from '#protocol/control/workspace-to-agent.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { waitFor } from '../../harness/wait-for.ts';
import { ENTER, HostilePeer } from '../../system/hostile-peer.ts';
import { helloFor, LightAgent, newMachineKey, postEnrollment } from '../organizations/light-agent.ts';
import type { Enrolled, MachineKey } from '../organizations/light-agent.ts';
import type { LightProgram } from '../organizations/light-session.ts';
import { clerkId, mintToken } from '../tokens/mint.ts';
import type { Bearer, TokenIssuer } from '../tokens/mint.ts';

export interface FloodGround {
  readonly url: string;
  readonly issuer: TokenIssuer;
  readonly org: string;
}

export interface OwnMachine {
  readonly enrolled: Enrolled;
  readonly key: MachineKey;
  readonly hostname: string;
}

export function newBearer({ org }: FloodGround): Bearer {
  return { org, userId: clerkId('user'), sid: clerkId('sess'), role: 'admin', name: 'Mallory' };
}

/** A socket to the workspace, not entered. Rejects when the upgrade is refused over HTTP. */
export function dialWorkspace({ url, issuer }: FloodGround, bearer: Bearer): Promise<HostilePeer> {
  return HostilePeer.dial(`${url}/v1/workspace`, { Authorization: `Bearer ${mintToken(issuer, bearer)}` });
}

export async function enterWorkspace(ground: FloodGround, bearer: Bearer): Promise<HostilePeer> {
  const peer = await dialWorkspace(ground, bearer);
  await peer.must('workspace.enter', ENTER);
  return peer;
}

export async function enrollOwn(
  ground: FloodGround,
  admin: HostilePeer,
  hostname: string,
): Promise<OwnMachine> {
  const { code } = await admin.must('enrollment.create', { machineName: hostname.toUpperCase() });
  const key = newMachineKey();
  const { enrolled, text } = await postEnrollment(ground.url, z.string().parse(code), key, hostname);
  if (enrolled === null) throw new Error(`${hostname} was not enrolled: ${text}`);
  return { enrolled, key, hostname };
}

/** Its agent, which prints nothing and takes all input unless `program` does otherwise. */
export function connectOwn(
  ground: FloodGround,
  { enrolled, key, hostname }: OwnMachine,
  program: Partial<LightProgram> = {},
): Promise<LightAgent> {
  return LightAgent.connect({
    url: ground.url,
    enrolled,
    key,
    hostname,
    onReceived: () => {},
    program: () => ({
      availableBytes: () => 0,
      read: (from, to) => new Uint8Array(to - from),
      typed: () => {},
      facts: [{ fact: 'started', pid: 1, shell: '/bin/bash', user: 'root' }],
      ...program,
    }),
  });
}

/** Its control socket alone: it answers challenge and probe, and keeps the tickets that it gets. */
export async function connectControl(
  { url }: FloodGround,
  { enrolled, key, hostname }: OwnMachine,
): Promise<{ send(message: unknown): void; end(): Promise<void>; readonly tickets: string[] }> {
  const peer = await HostilePeer.dial(`${url}/v1/agent`, { Authorization: `Machine ${enrolled.credential}` });
  const tickets: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const hear = (heard: unknown): void => {
    const message = WorkspaceToAgent.parse(heard);
    if (message.type === 'challenge') peer.send(helloFor(message.nonce, key, hostname, []));
    else if (message.type === 'ping') peer.send({ type: 'pong', probeId: message.probeId });
    else if (message.type === 'welcome') resolve();
    else if (message.type === 'session.open' || message.type === 'ticket') tickets.push(message.ticket);
  };
  for (const message of peer.messages) hear(message);
  peer.socket.on('message', () => hear(peer.messages.at(-1)));
  await promise;
  return {
    send: (message) => peer.send(message),
    end: async () => {
      peer.socket.close();
      await waitFor('the control socket to close', () => peer.isClosed);
    },
    tickets,
  };
}

export async function openSession(peer: HostilePeer, machine: OwnMachine): Promise<string> {
  const opened = await peer.must('session.open', {
    machineId: machine.enrolled.machineId,
    size: { cols: 80, rows: 24 },
  });
  return z.string().parse(opened['sessionId']);
}

/** A socket to the session; it says hello unless told otherwise. */
export async function dialTerminal(
  { url, issuer }: FloodGround,
  bearer: Bearer,
  machine: OwnMachine,
  sessionId: string,
  hello = true,
): Promise<HostilePeer> {
  const peer = await HostilePeer.dial(`${url}/v1/terminals/${machine.enrolled.machineId}/${sessionId}`, {
    Authorization: `Bearer ${mintToken(issuer, bearer)}`,
  });
  if (hello)
    peer.send({
      type: 'hello',
      protocolVersion: PROTOCOL_VERSION,
      outputOffsetBytes: 0,
      size: { cols: 80, rows: 24 },
    });
  return peer;
}
