// The floods, each with the means of an insider: someone of an organization who has real tokens and real machines.
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { CREDIT_WINDOW_BYTES, encodeFrame, FrameKind } from '#protocol/frame/frame.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { ENTER, HostilePeer } from '../../system/hostile-peer.ts';
import { waitFor } from '../../harness/wait-for.ts';
import {
  connectControl,
  connectOwn,
  dialTerminal,
  dialWorkspace,
  enrollOwn,
  enterWorkspace,
  newBearer,
  openSession,
} from './flood-ground.ts';
import type { FloodGround } from './flood-ground.ts';
import { FRAMES, seededRandom, TEXTS } from './garbage.ts';

/** How much of it: 1 is the full proof, less for a quick one. */
export type Scale = number;
/** What was done and what came of it, counted. */
export type Tally = Readonly<Record<string, number>>;
export type Attack = (ground: FloodGround, scale: Scale) => Promise<Tally>;

const SEED = 20_261_124;
const FRAMES_A_SOCKET = 60;

function counter() {
  const tally: Record<string, number> = {};
  return {
    tally,
    add: (what: string, by = 1): void => {
      tally[what] = (tally[what] ?? 0) + by;
    },
  };
}

/** Of each person: all of them in the full proof, the first few classes twice in a quick one. */
const socketsOf = (scale: Scale, sockets: number): number => (scale < 1 ? 20 : sockets);

/** Sends until the socket is closed, garbage of every class in turn; the first is what the relay judges it by. */
async function pour(
  peer: HostilePeer,
  makers: readonly ((random: () => number) => string | Buffer)[],
  random: () => number,
  first: number,
): Promise<number> {
  let sent = 0;
  for (let i = 0; i < FRAMES_A_SOCKET && peer.socket.readyState === WebSocket.OPEN; i += 1) {
    const make = makers[(first + i) % makers.length];
    if (make === undefined) break;
    peer.socket.send(make(random));
    sent += 1;
  }
  await waitFor('the relay to close', () => peer.isClosed, 30_000);
  return sent;
}

const frameMakers = Object.values(FRAMES);
const textMakers = Object.values(TEXTS);

/** Garbage on consoles' sockets of terminals. */
async function terminalFrames(ground: FloodGround, scale: Scale): Promise<Tally> {
  const { tally, add } = counter();
  const random = seededRandom(SEED);
  const people = Math.max(1, Math.round(12 * scale));
  for (let person = 0; person < people; person += 1) {
    const bearer = newBearer(ground);
    const inside = await enterWorkspace(ground, bearer);
    const machine = await enrollOwn(ground, inside, `frames-${person}`);
    const agent = await connectOwn(ground, machine);
    const sessionId = await openSession(inside, machine);
    for (let i = 0; i < socketsOf(scale, 90); i += 1) {
      const peer = await dialTerminal(ground, bearer, machine, sessionId, i % 5 !== 0);
      add('garbage frames', await pour(peer, frameMakers, random, i));
      add(`closed ${await peer.refusal()}`);
    }
    agent.dispose();
    await inside.must('workspace.leave', { reason: 'closed' });
  }
  return tally;
}

/** Garbage on workspace sockets, before and after entering. */
async function workspaceMessages(ground: FloodGround, scale: Scale): Promise<Tally> {
  const { tally, add } = counter();
  const random = seededRandom(SEED + 1);
  const people = Math.max(1, Math.round(8 * scale));
  for (let person = 0; person < people; person += 1) {
    const bearer = newBearer(ground);
    for (let i = 0; i < socketsOf(scale, 100); i += 1) {
      const enters = i % 3 === 0;
      const peer = await (enters ? enterWorkspace(ground, bearer) : dialWorkspace(ground, bearer));
      add('garbage messages', await pour(peer, textMakers, random, i));
      add(`closed ${await peer.refusal()}`);
    }
  }
  return tally;
}

/** Garbage on machines' control sockets, before the challenge is answered, and on data sockets. */
async function agentFrames(ground: FloodGround, scale: Scale): Promise<Tally> {
  const { tally, add } = counter();
  const random = seededRandom(SEED + 2);
  const machines = Math.max(1, Math.round(12 * scale));
  const bearer = newBearer(ground);
  const inside = await enterWorkspace(ground, bearer);
  for (let i = 0; i < machines; i += 1) {
    const machine = await enrollOwn(ground, inside, `agents-${i}`);
    for (let dialled = 0; dialled < 12; dialled += 1) {
      const peer = await HostilePeer.dial(`${ground.url}/v1/agent`, {
        Authorization: `Machine ${machine.enrolled.credential}`,
      });
      add('garbage frames', await pour(peer, [...textMakers, ...frameMakers], random, dialled));
      add(`closed ${await peer.refusal()}`);
    }
  }
  const machine = await enrollOwn(ground, inside, 'tickets');
  let control = await connectControl(ground, machine);
  let sessionId = await openSession(inside, machine);
  for (let i = 0; i < Math.max(20, 300 * scale); i += 1) {
    if (i % 20 === 19) {
      // A machine that is silent for 20 s is away, and a session that is not started within 30 s is ended.
      await control.end();
      control = await connectControl(ground, machine);
      sessionId = await openSession(inside, machine);
    }
    control.send({ type: 'ticket.request', sessionId });
    const ticket = await waitFor('a ticket', () => control.tickets.shift(), 20_000);
    const peer = await HostilePeer.dial(`${ground.url}/v1/agent/terminal`, {
      Authorization: `Ticket ${ticket}`,
    });
    if (i % 2 === 0)
      peer.send({
        type: 'hello',
        protocolVersion: PROTOCOL_VERSION,
        outputStartBytes: 0,
        outputEndBytes: 0,
        inputOffsetBytes: 0,
      });
    add('garbage frames', await pour(peer, [...frameMakers, ...textMakers], random, i));
    add(`closed ${await peer.refusal()}`);
  }
  await control.end();
  inside.end();
  return tally;
}

/** Frames that are well formed and useless: repeated, out of order, acknowledging what was acknowledged. */
async function uselessFrames(ground: FloodGround, scale: Scale): Promise<Tally> {
  const { tally, add } = counter();
  const bearer = newBearer(ground);
  const inside = await enterWorkspace(ground, bearer);
  const machine = await enrollOwn(ground, inside, 'useless');
  const agent = await connectOwn(ground, machine);
  const sessionId = await openSession(inside, machine);
  for (let socket = 0; socket < Math.max(1, Math.round(6 * scale)); socket += 1) {
    const peer = await dialTerminal(ground, bearer, machine, sessionId);
    // As fast as it goes: the relay has the last word.
    for (let i = 0; i < 10_000 && !peer.isClosed; i += 1) {
      const frame =
        i % 2 === 0
          ? encodeFrame(FrameKind.outputAck, 0)
          : encodeFrame(FrameKind.input, 1_000_000 + i, new Uint8Array(8));
      peer.socket.send(frame);
      add('useless frames');
      if (i % 500 === 499) await delay(1);
    }
    add(`closed ${await peer.refusal()}`);
  }
  agent.dispose();
  inside.end();
  return tally;
}

/** Messages as large as the runtime takes (32 MB), and larger. */
async function oversized(ground: FloodGround, scale: Scale): Promise<Tally> {
  const { tally, add } = counter();
  const bearer = newBearer(ground);
  const sizes = [300_000, 2 << 20, 8 << 20, 31 << 20, 33 << 20];
  for (let round = 0; round < Math.max(1, Math.round(8 * scale)); round += 1) {
    for (const size of sizes) {
      const peer = await dialWorkspace(ground, bearer);
      peer.socket.send(round % 2 === 0 ? Buffer.alloc(size) : 'x'.repeat(size));
      add('oversized messages');
      await waitFor('the relay to close', () => peer.isClosed, 60_000);
      add(`closed ${await peer.refusal()}`);
    }
  }
  return tally;
}

/** People without any sign-in: sockets that never answer a close and go on sending, and ports fed noise. */
async function strangers(ground: FloodGround, scale: Scale): Promise<Tally> {
  const { tally, add } = counter();
  const random = seededRandom(SEED + 3);
  const kept: WebSocket[] = [];
  const total = Math.round(2000 * scale);
  for (let i = 0; i < total; i += 1) {
    const socket = new WebSocket(`${ground.url.replace('http', 'ws')}/v1/workspace`, {
      headers: i % 2 === 0 ? {} : { Authorization: `Bearer e30.e30.${i}` },
      perMessageDeflate: false,
    });
    const outcome = await new Promise<string>((resolve) => {
      socket.once('open', () => resolve('opened and closed'));
      socket.once('unexpected-response', () => resolve('refused over HTTP'));
      socket.once('error', () => resolve('refused over HTTP'));
    });
    add(outcome);
    socket.on('error', () => {});
    if (outcome !== 'opened and closed') continue;
    // Its half of the line stays open.
    const receiver: unknown = Reflect.get(socket, '_receiver');
    if (receiver instanceof Object && 'removeAllListeners' in receiver)
      Reflect.apply(receiver.removeAllListeners as () => void, receiver, ['conclude']);
    for (let sent = 0; sent < 20 && socket.readyState === WebSocket.OPEN; sent += 1) {
      socket.send(frameMakers[sent % frameMakers.length]?.(random) ?? '');
      add('garbage frames');
    }
    kept.push(socket);
  }
  const { port } = new URL(ground.url);
  for (let i = 0; i < total; i += 1) {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.end(Buffer.from(Uint8Array.from({ length: 200 }, () => Math.floor(random() * 256))));
    socket.resume();
    add('ports fed noise');
    if (i % 50 === 49) await delay(1);
  }
  for (const socket of kept) socket.terminate();
  return tally;
}

/** Lines that are opened and not used: half a request each, or none, kept warm by a byte now and then. */
async function halfOpen(ground: FloodGround, scale: Scale): Promise<Tally> {
  const { tally, add } = counter();
  const { port } = new URL(ground.url);
  const sockets: Socket[] = [];
  let closed = 0;
  let most = 0;
  const total = Math.round(10_000 * scale);
  for (let i = 0; i < total; i += 1) {
    // Ports of one address run out: several are spread over the loopback network.
    const socket = connect({
      port: Number(port),
      host: '127.0.0.1',
      localAddress: `127.0.0.${2 + (i % 8)}`,
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      closed += 1;
    });
    socket.resume();
    await once(socket, 'connect');
    if (i % 3 === 1)
      socket.write('GET /v1/workspace HTTP/1.1\r\nHost: relay\r\nUpgrade: websocket\r\nX-Slow: ');
    if (i % 3 === 2)
      socket.write('POST /v1/enroll HTTP/1.1\r\nHost: relay\r\nContent-Length: 100\r\n\r\n{"code"');
    sockets.push(socket);
    most = Math.max(most, sockets.length - closed);
  }
  add('half-open lines at once', most);
  const started = performance.now();
  while (closed < sockets.length && performance.now() - started < 60_000) {
    for (const [i, socket] of sockets.entries()) {
      if (i % 3 === 0 || socket.destroyed || !socket.writable) continue;
      if (i % 10 === 1) socket.write('a');
    }
    await delay(1000);
  }
  add('closed by the relay', closed);
  add('seconds until the last was closed', Math.round((performance.now() - started) / 1000));
  for (const socket of sockets) socket.destroy();
  return tally;
}

/** Sockets of real people that never enter, and of terminals that never say hello. */
async function silentSockets(ground: FloodGround, scale: Scale): Promise<Tally> {
  const { tally, add } = counter();
  const peers: HostilePeer[] = [];
  for (let person = 0; person < Math.max(2, Math.round(80 * scale)); person += 1) {
    const bearer = newBearer(ground);
    for (let i = 0; i < 10; i += 1) {
      const peer = await dialWorkspace(ground, bearer).catch(() => null);
      if (peer === null) add('refused over HTTP');
      else peers.push(peer);
    }
  }
  for (const peer of peers) add(`told ${await told(peer)}`);
  const bearer = newBearer(ground);
  const inside = await enterWorkspace(ground, bearer);
  const machine = await enrollOwn(ground, inside, 'silent');
  const agent = await connectOwn(ground, machine);
  const sessionId = await openSession(inside, machine);
  const terminals: HostilePeer[] = [];
  for (let i = 0; i < 12; i += 1) {
    terminals.push(await dialTerminal(ground, bearer, machine, sessionId, false));
  }
  for (const peer of terminals) add(`terminal closed ${await peer.refusal()}`);
  agent.dispose();
  inside.end();
  return tally;
}

/**
 * The code that a console's socket is closed with. The connection itself may stay until the object rests: workerd lets
 * go of a socket that never sent anything only then.
 */
async function told(peer: HostilePeer): Promise<string> {
  const closing = await waitFor('the relay to close', () =>
    peer.messages.map((message) => Closing.safeParse(message)).find(({ success }) => success),
  );
  return closing.data?.error.code ?? '';
}

const Closing = z.object({ type: z.literal('closing'), error: z.object({ code: z.string() }) });

const OFFERED_BYTES = 400 * 1024 * 1024;

/** A console that draws nothing of 400 MB offered. */
async function stalledTerminal(ground: FloodGround): Promise<Tally> {
  const { tally, add } = counter();
  const bearer = newBearer(ground);
  const inside = await enterWorkspace(ground, bearer);
  const machine = await enrollOwn(ground, inside, 'stalled');
  let offeredBytes = 0;
  const agent = await connectOwn(ground, machine, { availableBytes: () => offeredBytes });
  const sessionId = await openSession(inside, machine);
  const peer = await dialTerminal(ground, bearer, machine, sessionId);
  // Not before the console is there: who comes later catches up, and holds up nobody.
  offeredBytes = OFFERED_BYTES;
  for (const session of agent.sessions.values()) session.pump();
  await waitFor('a window of output', () => bytesOf(peer) >= CREDIT_WINDOW_BYTES);
  await delay(5000);
  add('bytes sent to it', bytesOf(peer));
  // The machine goes first: without a console its output would flow into the recording.
  agent.dispose();
  peer.end();
  inside.end();
  return tally;
}

/** So much would wait in the relay if it believed the console. */
const LIED_BYTES = 160 * 1024 * 1024;
const LIE_AFTER_MS = 30;

/** A console that reads nothing, and says that it has drawn it. */
async function lyingTerminal(ground: FloodGround): Promise<Tally> {
  const { tally, add } = counter();
  const bearer = newBearer(ground);
  const inside = await enterWorkspace(ground, bearer);
  const machine = await enrollOwn(ground, inside, 'lying');
  let printed = 0;
  let offeredBytes = 0;
  const agent = await connectOwn(ground, machine, {
    availableBytes: () => offeredBytes,
    read: (from, to) => {
      printed = to;
      return new Uint8Array(to - from);
    },
  });
  const sessionId = await openSession(inside, machine);
  const peer = await dialTerminal(ground, bearer, machine, sessionId);
  offeredBytes = LIED_BYTES;
  for (const session of agent.sessions.values()) session.pump();
  await waitFor('a window of output', () => bytesOf(peer) >= CREDIT_WINDOW_BYTES);
  peer.socket.pause();
  // Never of what the relay has not sent yet: for that it would be closed at once.
  while (printed < LIED_BYTES) {
    const claimed = printed - CREDIT_WINDOW_BYTES / 2;
    await delay(LIE_AFTER_MS);
    if (claimed > 0) peer.socket.send(encodeFrame(FrameKind.outputAck, claimed));
  }
  add('MB that it claimed to have drawn', Math.round(printed / 2 ** 20));
  agent.dispose();
  peer.socket.resume();
  add(`closed ${await peer.refusal()}`);
  add('MB that were sent', Math.round(bytesOf(peer) / 2 ** 20));
  inside.end();
  return tally;
}

const bytesOf = (peer: HostilePeer): number =>
  peer.frames
    .filter((frame) => frame[0] === FrameKind.output)
    .reduce((sum, { length }) => sum + length - 10, 0);

/** Someone who asks for much and reads nothing. */
async function stalledWorkspace(ground: FloodGround, scale: Scale): Promise<Tally> {
  const { tally, add } = counter();
  const bearer = newBearer(ground);
  const filler = await enterWorkspace(ground, newBearer(ground));
  for (let i = 0; i < 300; i += 1) {
    filler.ask('runbook.save', {
      runbookId: null,
      title: `Runbook ${i}`,
      description: 'x'.repeat(200),
      steps: Array.from({ length: 20 }, () => 'y'.repeat(200)),
    });
  }
  await waitFor('the runbooks', () => filler.replies().length >= 301, 60_000);
  for (let socket = 0; socket < Math.max(1, Math.round(10 * scale)); socket += 1) {
    const peer = await enterWorkspace(ground, bearer);
    peer.socket.pause();
    for (let i = 0; i < 200 && peer.socket.readyState === WebSocket.OPEN; i += 1) {
      peer.ask('runbook.list', {});
      if (i % 10 === 9) await delay(5);
    }
    add('unread requests', 200);
    await delay(500);
    peer.socket.resume();
    add(`closed ${await peer.refusal()}`);
  }
  return tally;
}

const Replies = z.object({ code: z.string() });

/** One entry that asks as fast as it can: refused, told when, then closed; and again on new sockets. */
async function eagerEntry(ground: FloodGround, scale: Scale): Promise<Tally> {
  const { tally, add } = counter();
  const bearer = newBearer(ground);
  for (let socket = 0; socket < Math.max(2, Math.round(10 * scale)); socket += 1) {
    const peer = await dialWorkspace(ground, bearer).catch(() => null);
    if (peer === null) {
      add('refused over HTTP');
      continue;
    }
    peer.ask('workspace.enter', ENTER);
    for (let i = 0; i < 2000 && peer.socket.readyState === WebSocket.OPEN; i += 1) {
      peer.ask('machine.search', { query: 'x', settled: false, limit: 10 });
      if (i % 100 === 99) await delay(1);
    }
    add('requests', 2000);
    add(`closed ${await peer.refusal()}`);
    for (const { outcome } of peer.replies()) {
      add(outcome.ok ? 'answered' : `refused ${Replies.parse(outcome.error).code}`);
    }
  }
  return tally;
}

export const attacks = {
  'terminal frames': terminalFrames,
  'workspace messages': workspaceMessages,
  'agent frames': agentFrames,
  'useless frames': uselessFrames,
  'oversized messages': oversized,
  strangers,
  'half-open lines': halfOpen,
  'silent sockets': silentSockets,
  'an eager entry': eagerEntry,
  'a stalled terminal': stalledTerminal,
  'a lying terminal': lyingTerminal,
  'a stalled workspace': stalledWorkspace,
} as const satisfies Readonly<Record<string, Attack>>;

export type AttackName = keyof typeof attacks;
