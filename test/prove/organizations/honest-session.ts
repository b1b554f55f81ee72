// A session of someone who does nothing wrong, beside everything: bytes both ways, exact through every crash.
import { setTimeout as delay } from 'node:timers/promises';
import { WorkspacePeer } from '../../harness/workspace-peer.ts';
import type { TerminalPeer } from '../../harness/terminal-peer.ts';
import { clerkId, mintToken } from '../tokens/mint.ts';
import { LightAgent, newMachineKey, postEnrollment } from './light-agent.ts';
import type { ProvenRelay } from '../relay/proven-relay.ts';

export interface HonestSession {
  /** As a process that dies; after `finish` nothing is left to do. */
  readonly dispose: () => void;
  /** Ends the session. @returns what was not as it should be, one sentence each, and what went through */
  readonly finish: () => Promise<{
    readonly faults: string[];
    readonly bytesOut: number;
    readonly bytesIn: number;
    readonly cuts: number;
  }>;
}

/** The byte at an offset: any part can be made again, and none looks like its neighbours. */
const byteAt = (offset: number): number => (Math.imul(offset ^ (offset >>> 7), 0x9e3779b1) >>> 24) & 0xff;
const pattern = (from: number, to: number): Uint8Array =>
  Uint8Array.from({ length: to - from }, (_, at) => byteAt(from + at));

const STEP_MS = 20;
const STEP_BYTES = 1500;
const LIMIT_MS = 60_000;

export async function startHonestSession(relay: ProvenRelay): Promise<HonestSession> {
  const faults: string[] = [];
  const org = clerkId('org');
  const bearer = { org, userId: clerkId('user'), sid: clerkId('sess'), role: 'admin', name: 'Tess' } as const;
  const peer = await WorkspacePeer.connect({
    relayUrl: relay.url,
    getToken: async () => mintToken(relay, bearer),
  });
  const { code } = await peer.call('enrollment.create', { machineName: 'HONEST-01' });
  const key = newMachineKey();
  const { enrolled } = await postEnrollment(relay.url, code, key, 'honest-01');
  if (enrolled === null) throw new Error('the honest machine was not enrolled');

  let printedBytes = 0;
  let arrivedBytes = 0;
  const agent = await LightAgent.connect({
    url: relay.url,
    enrolled,
    key,
    hostname: 'honest-01',
    onReceived: () => {},
    program: () => ({
      availableBytes: () => printedBytes,
      read: pattern,
      typed: (bytes, offset) => {
        if (!Buffer.from(bytes).equals(pattern(offset, offset + bytes.length)))
          faults.push(`input differs at ${offset}`);
        arrivedBytes = offset + bytes.length;
      },
      facts: [{ fact: 'started', pid: 1, shell: '/bin/bash', user: 'root' }],
    }),
  });
  const [machine] = (await peer.call('machine.list', { offset: 0, limit: 10 })).machines;
  if (machine === undefined) throw new Error('the honest machine is not listed');
  const terminal: TerminalPeer = await peer.openTerminal(machine.machineId, {
    keepsOutput: false,
    onOutput: (bytes, offset) => {
      if (!Buffer.from(bytes).equals(pattern(offset, offset + bytes.length)))
        faults.push(`output differs at ${offset}`);
    },
  });

  let running = true;
  let typedBytes = 0;
  const work = (async () => {
    while (running) {
      await delay(STEP_MS);
      printedBytes += STEP_BYTES;
      for (const session of agent.sessions.values()) session.pump();
      terminal.type(pattern(typedBytes, typedBytes + 40));
      typedBytes += 40;
    }
  })();
  const dispose = (): void => {
    running = false;
    peer.dispose();
    agent.dispose();
  };
  return {
    dispose,
    finish: async () => {
      running = false;
      await work;
      for (const session of agent.sessions.values()) session.pump();
      await terminal
        .until(
          'all honest bytes',
          () => terminal.receivedBytes >= printedBytes && terminal.inputAckBytes >= typedBytes,
          LIMIT_MS,
        )
        .catch((error: unknown) => faults.push(`honest bytes are missing: ${String(error)}`));
      if (terminal.receivedBytes !== printedBytes)
        faults.push(`${terminal.receivedBytes} of ${printedBytes} output bytes arrived`);
      if (arrivedBytes !== typedBytes) faults.push(`${arrivedBytes} of ${typedBytes} input bytes arrived`);
      const cuts = terminal.connections - 1;
      await peer
        .call('session.close', { sessionId: terminal.sessionId })
        .catch(() => faults.push('the honest session could not be closed'));
      await terminal.untilEnded().catch(() => faults.push('the honest session did not end'));
      dispose();
      return { faults, bytesOut: printedBytes, bytesIn: typedBytes, cuts };
    },
  };
}
