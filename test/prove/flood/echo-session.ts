// Someone who works while others flood: a session on another organization's workspace whose machine sends back what
// is typed. Every byte is compared, every echo is timed.
import { setTimeout as delay } from 'node:timers/promises';
import { WorkspacePeer } from '../../harness/workspace-peer.ts';
import { LightAgent, newMachineKey, postEnrollment } from '../organizations/light-agent.ts';
import type { ProvenRelay } from '../relay/proven-relay.ts';
import { clerkId, mintToken } from '../tokens/mint.ts';

export interface EchoSession {
  /** Types until `until` settles. @returns milliseconds that each echo took */
  readonly measure: (until: Promise<unknown>) => Promise<number[]>;
  /** Ends it. @returns what was not as it should be, one sentence each */
  readonly finish: () => Promise<{
    readonly faults: readonly string[];
    readonly bytes: number;
    readonly cuts: number;
  }>;
}

const KEY_EVERY_MS = 20;
const KEY_BYTES = 16;
/** Now and then a paste. */
const PASTE_EVERY = 50;
const PASTE_BYTES = 32 * 1024;
const LIMIT_MS = 60_000;

const byteAt = (offset: number): number => (Math.imul(offset ^ (offset >>> 7), 0x9e3779b1) >>> 24) & 0xff;
const pattern = (from: number, to: number): Uint8Array =>
  Uint8Array.from({ length: to - from }, (_, at) => byteAt(from + at));

export async function startEchoSession(relay: ProvenRelay, org: string): Promise<EchoSession> {
  const faults: string[] = [];
  const bearer = { org, userId: clerkId('user'), sid: clerkId('sess'), role: 'admin', name: 'Tess' } as const;
  const peer = await WorkspacePeer.connect({
    relayUrl: relay.url,
    getToken: async () => mintToken(relay, bearer),
  });
  const { code } = await peer.call('enrollment.create', { machineName: 'ECHO-01' });
  const key = newMachineKey();
  const { enrolled, text } = await postEnrollment(relay.url, code, key, 'echo-01');
  if (enrolled === null) throw new Error(`the machine was not enrolled: ${text}`);
  let arrivedBytes = 0;
  const agent = await LightAgent.connect({
    url: relay.url,
    enrolled,
    key,
    hostname: 'echo-01',
    onReceived: () => {},
    program: () => ({
      availableBytes: () => arrivedBytes,
      read: pattern,
      typed: (bytes, offset) => {
        if (!Buffer.from(bytes).equals(pattern(offset, offset + bytes.length)))
          faults.push(`input differs at ${offset}`);
        arrivedBytes = offset + bytes.length;
        setImmediate(() => {
          for (const session of agent.sessions.values()) session.pump();
        });
      },
      facts: [{ fact: 'started', pid: 1, shell: '/bin/bash', user: 'root' }],
    }),
  });
  const waiting: { readonly endBytes: number; readonly at: number }[] = [];
  let times: number[] = [];
  const machineId = enrolled.machineId as Parameters<WorkspacePeer['openTerminal']>[0];
  const terminal = await peer.openTerminal(machineId, {
    keepsOutput: false,
    onOutput: (bytes, offset) => {
      const end = offset + bytes.length;
      if (!Buffer.from(bytes).equals(pattern(offset, end))) faults.push(`output differs at ${offset}`);
      while ((waiting[0]?.endBytes ?? Number.POSITIVE_INFINITY) <= end) {
        times.push(performance.now() - (waiting.shift()?.at ?? 0));
      }
    },
  });
  let typedBytes = 0;
  const type = (bytes: number): void => {
    terminal.type(pattern(typedBytes, typedBytes + bytes));
    typedBytes += bytes;
    waiting.push({ endBytes: typedBytes, at: performance.now() });
  };
  const allBack = () => terminal.until('every echo', () => terminal.receivedBytes >= typedBytes, LIMIT_MS);
  return {
    async measure(until) {
      times = [];
      let going = true;
      const stop = (): void => {
        going = false;
      };
      const over = until.then(stop, stop);
      for (let i = 1; going; i += 1) {
        type(i % PASTE_EVERY === 0 ? PASTE_BYTES : KEY_BYTES);
        await delay(KEY_EVERY_MS);
      }
      await over;
      await allBack().catch((error: unknown) => faults.push(`echoes are missing: ${String(error)}`));
      return times;
    },
    async finish() {
      await allBack().catch((error: unknown) => faults.push(`echoes are missing: ${String(error)}`));
      if (arrivedBytes !== typedBytes) faults.push(`${arrivedBytes} of ${typedBytes} typed bytes arrived`);
      if (terminal.receivedBytes !== typedBytes)
        faults.push(`${terminal.receivedBytes} of ${typedBytes} bytes came back`);
      const cuts = terminal.connections - 1;
      peer.dispose();
      agent.dispose();
      return { faults, bytes: typedBytes, cuts };
    },
  };
}
