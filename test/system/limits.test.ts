import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeFrame, FRAME_PAYLOAD_MAX_BYTES, FrameKind } from '#protocol/frame/frame.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { build } from '../../build/bundle.ts';
import { repositoryRoot } from '../../build/repository-root.ts';
import { waitFor } from '../harness/wait-for.ts';
import {
  connectControl,
  connectOwn,
  dialTerminal,
  dialWorkspace,
  enrollOwn,
  enterWorkspace,
  newBearer,
  openSession,
} from '../prove/flood/flood-ground.ts';
import type { FloodGround } from '../prove/flood/flood-ground.ts';
import { proveFlood } from '../prove/flood/prove-flood.ts';
import { startOwnRelay } from '../prove/relay/proven-relay.ts';
import type { LocalRelay } from '../prove/relay/proven-relay.ts';
import { clerkId } from '../prove/tokens/mint.ts';
import { HostilePeer } from './hostile-peer.ts';

const BUSY_MACHINE_MS = 60_000;

describe('the relay’s limits', () => {
  let relay: LocalRelay;
  let ground: FloodGround;

  beforeAll(async () => {
    const failure = await build({ development: true, only: ['relay'], log: () => {} });
    if (failure !== undefined) throw new Error(failure.message);
    relay = await startOwnRelay(join(repositoryRoot, 'dist/relay/worker.js'), {
      RATE_LIMIT_SCALE: '1',
      HANDSHAKE_TIMEOUT_MS: '500',
    });
    ground = { url: relay.url, issuer: relay, org: clerkId('org') };
  }, 60_000);
  afterAll(async () => {
    await relay?.stop();
  });

  const codesOf = (peer: HostilePeer): string[] =>
    peer.messages.map((message) => /"closing".*"code":"(\w+)"/.exec(JSON.stringify(message))?.[1] ?? '');
  const toldOf = (peer: HostilePeer): Promise<string> =>
    waitFor('the relay to close', () => codesOf(peer).find((code) => code !== ''), BUSY_MACHINE_MS);

  it(
    'make one entry wait and tell it how long, never another of the organization',
    async () => {
      const [eager, other] = [newBearer(ground), newBearer(ground)];
      const first = await enterWorkspace(ground, eager);
      const bystander = await enterWorkspace(ground, other);
      for (let i = 0; i < 1000; i += 1) first.ask('policy.get', {});
      for (let i = 0; i < 20; i += 1) await bystander.must('policy.get', {});
      expect(await toldOf(first)).toBe('rate_limited');
      const refused = first.replies().flatMap(({ outcome }) => (outcome.ok ? [] : [outcome.error]));
      expect(refused.length).toBeGreaterThan(100);
      for (const { code, retryAfterMs } of refused)
        expect([code, retryAfterMs]).toEqual(['rate_limited', expect.any(Number)]);
      // Its measure is the sign-in's, not the socket's.
      const second = await dialWorkspace(ground, eager);
      for (let i = 0; i < 1000; i += 1) second.ask('policy.get', {});
      expect(await toldOf(second)).toBe('rate_limited');
      await bystander.must('policy.get', {});
      bystander.end();
    },
    BUSY_MACHINE_MS,
  );

  it(
    'close sockets that do not say what they are here for, and let one caller have eight',
    async () => {
      const bearer = newBearer(ground);
      const silent = await Promise.all(Array.from({ length: 10 }, () => dialWorkspace(ground, bearer)));
      const told = await Promise.all(silent.map(toldOf));
      expect(told.filter((code) => code === 'handshake_late')).toHaveLength(8);
      expect(told.filter((code) => code === 'rate_limited')).toHaveLength(2);

      const inside = await enterWorkspace(ground, bearer);
      const machine = await enrollOwn(ground, inside, 'quiet-01');
      const agent = await connectOwn(ground, machine);
      const sessionId = await openSession(inside, machine);
      const terminals: HostilePeer[] = [];
      for (let i = 0; i < 9; i += 1)
        terminals.push(await dialTerminal(ground, bearer, machine, sessionId, false));
      const codes = await Promise.all(terminals.map((terminal) => terminal.refusal()));
      expect(codes.filter((code) => code === 'handshake_late')).toHaveLength(8);
      expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(1);
      agent.dispose();
      inside.end();
    },
    BUSY_MACHINE_MS,
  );

  it(
    'stop looking at a credential that was refused again and again, and at no other',
    async () => {
      const dial = (token: string) =>
        HostilePeer.dial(`${relay.url}/v1/workspace`, { Authorization: `Bearer ${token}` });
      const codes: (string | number)[] = [];
      for (let i = 0; i < 30; i += 1) codes.push(await (await dial('e30.e30.AAAA')).refusal());
      expect(codes[0]).toBe('token_invalid');
      expect(codes.at(-1)).toBe('rate_limited');
      expect(await (await dial('e30.e30.AAAB')).refusal()).toBe('token_invalid');
      (await enterWorkspace(ground, newBearer(ground))).end();
    },
    BUSY_MACHINE_MS,
  );

  /** The machine's end of the session that it was given a first ticket for, which has said hello. */
  async function dialAgentTerminal({
    tickets,
  }: {
    readonly tickets: readonly string[];
  }): Promise<HostilePeer> {
    const agent = await HostilePeer.dial(`${relay.url}/v1/agent/terminal`, {
      Authorization: `Ticket ${await waitFor('a ticket', () => tickets[0])}`,
    });
    const offsets = { outputStartBytes: 0, outputEndBytes: 0, inputOffsetBytes: 0 };
    agent.send({ type: 'hello', protocolVersion: PROTOCOL_VERSION, ...offsets });
    return agent;
  }

  it(
    'let go of a console that does not read what a machine tells of its commands',
    async () => {
      const bearer = newBearer(ground);
      const inside = await enterWorkspace(ground, bearer);
      const machine = await enrollOwn(ground, inside, 'chatty-01');
      const control = await connectControl(ground, machine);
      const sessionId = await openSession(inside, machine);
      const agent = await dialAgentTerminal(control);
      const reader = await dialTerminal(ground, bearer, machine, sessionId);
      await waitFor('the relay to be ready', () => reader.messages.length > 0);
      const other = newBearer(ground);
      const colleague = await enterWorkspace(ground, other);
      const watcher = await dialTerminal(ground, other, machine, sessionId, false);
      const hello = { outputOffsetBytes: 0, mode: 'watch', size: { cols: 80, rows: 24 } };
      watcher.send({ type: 'hello', protocolVersion: PROTOCOL_VERSION, ...hello });
      await waitFor('the relay to be ready', () => watcher.messages.length > 0);
      reader.socket.pause();
      const told = (factSeq: number, fact: object) => agent.send({ type: 'fact', factSeq, at: 0, fact });
      told(1, { fact: 'started', pid: 1, shell: 'bash', user: 'root' });
      const line = 'x'.repeat(32_000);
      for (let factSeq = 2; factSeq <= 1000; factSeq += 1) {
        const commandId = `cmd_${String(factSeq).padStart(26, '0')}`;
        told(factSeq, {
          fact: 'command.started',
          commandId,
          line,
          cwd: '/',
          trusted: true,
          outputOffsetBytes: 0,
        });
        // At most half a megabyte ahead of the watcher: all at once, this process would be a console that does not read.
        const isTold = () => JSON.stringify(watcher.messages.slice(-5)).includes(commandId);
        if (factSeq % 16 === 0 || factSeq === 1000) await waitFor('the command', isTold, BUSY_MACHINE_MS);
      }
      reader.socket.resume();
      expect(await reader.refusal()).toBe('reader_stalled');
      agent.end();
      await control.end();
      colleague.end();
      inside.end();
    },
    2 * BUSY_MACHINE_MS,
  );

  it(
    'let go of a machine that confirms input which it does not read',
    async () => {
      const bearer = newBearer(ground);
      const inside = await enterWorkspace(ground, bearer);
      const machine = await enrollOwn(ground, inside, 'deaf-01');
      const control = await connectControl(ground, machine);
      const sessionId = await openSession(inside, machine);
      const agent = await dialAgentTerminal(control);
      await waitFor('the relay to be ready', () => agent.messages.length > 0);
      const typist = await dialTerminal(ground, bearer, machine, sessionId);
      await waitFor('the relay to be ready', () => typist.messages.length > 0);
      agent.socket.pause();
      const payload = new Uint8Array(FRAME_PAYLOAD_MAX_BYTES);
      const isCut = () => JSON.stringify(typist.messages.at(-1)).includes('lost');
      for (let sentBytes = 0; sentBytes < 64 * 1024 * 1024 && !isCut();) {
        const confirmedBytes = sentBytes;
        for (let n = 0; n < 8; n += 1) {
          typist.socket.send(encodeFrame(FrameKind.input, sentBytes, payload));
          sentBytes += payload.length;
        }
        // Of the round before, which the relay has passed on.
        const heard = typist.frames.length;
        agent.socket.send(encodeFrame(FrameKind.inputAck, confirmedBytes));
        await waitFor('the confirmation', () => typist.frames.length > heard || isCut());
      }
      agent.socket.resume();
      expect(await agent.refusal()).toBe('reader_stalled');
      await control.end();
      typist.end();
      inside.end();
    },
    2 * BUSY_MACHINE_MS,
  );

  it('keep floods from those who work', { timeout: 2 * BUSY_MACHINE_MS }, async () => {
    const { breaches, figures } = await proveFlood({
      log: () => {},
      signal: new AbortController().signal,
      quick: true,
      only: ['terminal frames', 'workspace messages', 'useless frames', 'strangers'],
    });
    expect(breaches).toEqual([]);
    expect(figures['garbage']).toBeGreaterThan(5000);
  });
});
