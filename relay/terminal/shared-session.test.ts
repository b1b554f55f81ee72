import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { CREDIT_WINDOW_BYTES, encodeFrame, FrameKind } from '#protocol/frame/frame.ts';
import { UserId } from '#protocol/ids.ts';
import { bytes, openSession, output, size } from '../testing/open-session.ts';
import { auditOf, query, ringEverything, terminalStub, workspaceStub } from '../testing/reach.ts';
import type { TerminalSocket } from '../testing/terminal-socket.ts';
import { TestConsole } from '../testing/test-console.ts';
import { newId, testToken } from '../testing/test-token.ts';

const watch = { mode: 'watch' };
const input = (socket: TerminalSocket, offset: number, text: string) =>
  socket.sendFrame(encodeFrame(FrameKind.input, offset, bytes(text)));
const typedInto = (agent: TerminalSocket) =>
  agent.frames
    .filter(({ kind }) => kind === FrameKind.input)
    .map(({ payload }) => new TextDecoder().decode(payload))
    .join('');
const people = (socket: TerminalSocket) => socket.messages.findLast(({ type }) => type === 'people');
const People = z.object({ typist: z.object({ userId: z.string() }), watchers: z.array(z.unknown()) });
const watchers = (socket: TerminalSocket) => {
  const told = people(socket);
  return told === undefined ? null : People.parse(told).watchers.length;
};

/** A session with its typist at it, and a second person of the organization who has entered. */
async function sharedSession(role: 'technician' | 'reviewer') {
  const session = await openSession();
  const typist = await session.attach(0, { resumesInput: false });
  await typist.message('people');
  const agent = await session.plug(session.ticket);
  await typist.message('agent');
  const other = { org: session.org, sid: newId('sess'), userId: UserId.parse(newId('user')), role };
  const otherConsole = await TestConsole.enter(await testToken(other));
  const owner = UserId.parse(session.person.userId);
  return { ...session, typist, agent, other, otherConsole, owner };
}

const eventsOf = async (org: string, ...names: string[]) =>
  (await auditOf(org)).filter(({ event }) => names.includes(event));

describe('a session with two people', () => {
  it('is watched by a colleague, who is told of and types nothing', async () => {
    const { org, typist, agent, other, attach, sessionId, otherConsole, machineId, owner } =
      await sharedSession('technician');
    const refused = await attach(0, {}, other);
    await refused.until('a refusal', () => refused.closedBy === 'session_taken_over');
    const watcher = await attach(0, watch, other);
    expect(await watcher.message('people')).toMatchObject({ mode: 'watch', typist: { userId: owner } });
    expect(await watcher.message('size')).toMatchObject({ size });
    await typist.until('the watcher', () => watchers(typist) === 1);
    agent.sendFrame(output(0, 'hello'));
    await watcher.until('output', () => watcher.output() === 'hello');
    input(watcher, 0, 'rm');
    input(typist, 0, 'ls');
    await agent.until('the input', () => typedInto(agent) === 'ls');
    watcher.close();
    await typist.until('nobody', () => watchers(typist) === 0);
    expect(await eventsOf(org, 'session.watched')).toMatchObject([
      { session_id: sessionId, viewer: other.userId, actor: { user_id: other.userId } },
    ]);
    expect(await otherConsole.result('session.list', { machineId })).toMatchObject({
      sessions: [{ sessionId, typist: { userId: owner }, away: false, here: false }],
    });
  });

  it('tells those who look on when whoever has the keyboard is away, and when there again', async () => {
    const { typist, attach, other, owner } = await sharedSession('technician');
    const watcher = await attach(0, watch, other);
    expect(await watcher.message('people')).toMatchObject({ typist: { userId: owner }, away: false });
    typist.close();
    await watcher.until('the absence', () => people(watcher)?.['away'] === true);
    await attach(0, { resumesInput: false });
    await watcher.until('the return', () => people(watcher)?.['away'] === false);
  });

  it('takes no key from a reviewer, nor lets one take it over', async () => {
    const { other, attach, otherConsole, sessionId, owner, agent, typist } = await sharedSession('reviewer');
    const asTypist = await attach(0, {}, other);
    await asTypist.until('a refusal', () => asTypist.closedBy === 'role_insufficient');
    const watcher = await attach(0, watch, other);
    await watcher.message('people');
    input(watcher, 0, 'rm');
    await watcher.until('the close', () => watcher.closedBy === 'role_insufficient');
    expect(await otherConsole.call('session.take', { sessionId, from: owner })).toMatchObject({
      error: { code: 'role_insufficient' },
    });
    input(typist, 0, 'ls');
    await agent.until('the input', () => typedInto(agent) === 'ls');
  });

  it('is taken over where it was seen to be, announced and recorded; the one before looks on', async () => {
    const { org, typist, agent, other, attach, sessionId, otherConsole, console, owner } =
      await sharedSession('technician');
    const watcher = await attach(0, watch, other);
    await watcher.message('people');
    // On its way, and no program reads it: it must neither run nor stand in the way of the next typist.
    input(typist, 0, 'sleepy');
    await agent.until('the input', () => typedInto(agent) === 'sleepy');
    agent.sendFrame(encodeFrame(FrameKind.inputAck, 2));
    await typist.until('the ack', () => typist.lastOffset(FrameKind.inputAck) === 2);
    expect(await otherConsole.call('session.take', { sessionId, from: other.userId })).toMatchObject({
      error: { code: 'conflict' },
    });
    await otherConsole.result('session.take', { sessionId, from: owner });
    await agent.message('input.discard');
    await typist.until('to be told', () => people(typist)?.['mode'] === 'watch');
    expect(people(typist)).toMatchObject({ typist: { userId: other.userId }, watchers: [{ userId: owner }] });
    await watcher.until('to be told', () => people(watcher)?.['mode'] === 'type');
    expect(people(watcher)).not.toHaveProperty('inputOffsetBytes');
    input(typist, 6, 'late');
    // Of what the one before typed: whoever types now would take it for a word on what waits of theirs.
    agent.sendFrame(encodeFrame(FrameKind.inputAck, 3));
    agent.say({ type: 'input.at', inputOffsetBytes: 3 });
    await watcher.until('where input goes on', () =>
      watcher.messages.some((message) => message['inputOffsetBytes'] === 3),
    );
    expect(watcher.lastOffset(FrameKind.inputAck)).toBe(-1);
    input(watcher, 3, 'mine');
    await agent.until('the input', () => typedInto(agent) === 'sleepymine');
    // Back by the same way; nothing is in flight.
    agent.sendFrame(encodeFrame(FrameKind.inputAck, 7));
    await watcher.until('the ack', () => watcher.lastOffset(FrameKind.inputAck) === 7);
    await console.result('session.take', { sessionId, from: other.userId });
    await typist.until('to be told', () => people(typist)?.['inputOffsetBytes'] === 7);
    expect(await eventsOf(org, 'session.taken_over')).toMatchObject([
      { session_id: sessionId, from_user_id: owner, actor: { user_id: other.userId } },
      { session_id: sessionId, from_user_id: other.userId, actor: { user_id: owner } },
    ]);
    // What is closed is closed by the one who types.
    expect(await otherConsole.call('session.close', { sessionId })).toMatchObject({
      error: { code: 'not_found' },
    });
  });

  it('takes nothing of what was typed before the keyboard went away and came back', async () => {
    const { typist, agent, other, otherConsole, attach, sessionId, console, owner } =
      await sharedSession('technician');
    const watcher = await attach(0, watch, other);
    await watcher.message('people');
    await otherConsole.result('session.take', { sessionId, from: owner });
    await watcher.until('the keyboard', () => people(watcher)?.['inputOffsetBytes'] === 0);
    watcher.say({ type: 'resize', size, turn: people(watcher)?.['turn'] });
    input(watcher, 0, 'ls');
    await agent.until('the input', () => typedInto(agent) === 'ls');
    agent.sendFrame(encodeFrame(FrameKind.inputAck, 2));
    await watcher.until('the ack', () => watcher.lastOffset(FrameKind.inputAck) === 2);
    await console.result('session.take', { sessionId, from: other.userId });
    // On its way since before the keyboard went away: a paste over a slow line, overtaken by the other socket.
    input(typist, 0, 'x rm -rf /');
    typist.say({ type: 'resize', size: { cols: 90, rows: 30 }, turn: 0 });
    input(typist, 10, 'tmp\r');
    await typist.until(
      'to be told',
      () => people(typist)?.['mode'] === 'type' && people(typist)?.['turn'] === 2,
    );
    typist.say({ type: 'resize', size, turn: 2 });
    input(typist, 2, 'pwd');
    await agent.until('the input', () => typedInto(agent).includes('pwd'));
    expect(typedInto(agent)).toBe('lspwd');
    // The same over a cut: what waited in a console that was away all the while.
    agent.sendFrame(encodeFrame(FrameKind.inputAck, 5));
    await typist.until('the ack', () => typist.lastOffset(FrameKind.inputAck) === 5);
    await otherConsole.result('session.take', { sessionId, from: owner });
    await console.result('session.take', { sessionId, from: other.userId });
    const back = await attach(0, { turn: 2 });
    await back.message('people');
    input(back, 5, ' old');
    back.say({ type: 'resize', size, turn: people(back)?.['turn'] });
    input(back, 5, ' new');
    await agent.until('the input', () => typedInto(agent).includes('new'));
    expect(typedInto(agent)).toBe('lspwd new');
    const again = await attach(0, { turn: people(back)?.['turn'] });
    await again.message('people');
    input(again, 9, '!');
    await agent.until('the input', () => typedInto(agent) === 'lspwd new!');
  });

  it('is taken over on a second console of the same person, who is told at once where the input goes on', async () => {
    const { typist, agent, attach, sessionId, person, owner } = await sharedSession('technician');
    input(typist, 0, 'ls');
    await agent.until('the input', () => typedInto(agent) === 'ls');
    agent.sendFrame(encodeFrame(FrameKind.inputAck, 2));
    await typist.until('the ack', () => typist.lastOffset(FrameKind.inputAck) === 2);
    const second = { ...person, sid: newId('sess') };
    const secondConsole = await TestConsole.enter(await testToken(second));
    const watcher = await attach(0, watch, second);
    await watcher.message('people');
    await secondConsole.result('session.take', { sessionId, from: owner });
    await typist.until('the close', () => typist.closedBy === 'session_taken_over');
    await watcher.until('the keyboard', () => people(watcher)?.['mode'] === 'type');
    const given = watcher.messages.filter(({ type, mode }) => type === 'people' && mode === 'type');
    expect(given).toMatchObject([{ inputOffsetBytes: 2, turn: 1 }]);
  });

  it('goes at the pace of the one who types; a slow watcher gets the screen', async () => {
    const { typist, agent, other, attach } = await sharedSession('technician');
    const watcher = await attach(0, { ...watch, takesScreen: true }, other);
    await watcher.message('people');
    const chunk = 'x'.repeat(64 * 1024);
    const window = CREDIT_WINDOW_BYTES / chunk.length;
    for (const [from, to] of [
      [0, window],
      [window, 2 * window],
      [2 * window, 2 * window + 1],
    ] as const) {
      await agent.until('credit', () => agent.lastOffset(FrameKind.credit) >= to * chunk.length);
      for (let n = from; n < to; n += 1) agent.sendFrame(output(n * chunk.length, chunk));
      await typist.until('output', () => typist.output().length === to * chunk.length);
      typist.sendFrame(encodeFrame(FrameKind.outputAck, to * chunk.length));
    }
    expect(watcher.output().length).toBe(CREDIT_WINDOW_BYTES);
    await agent.message('screen.request');
    const picture = { offsetBytes: (2 * window + 1) * chunk.length, size, data: btoa('now') };
    agent.say({ type: 'screen', picture });
    expect(await watcher.message('screen')).toEqual({ type: 'screen', picture });
    expect(typist.messages.some(({ type }) => type === 'screen')).toBe(false);
  });

  it('lets a watcher go with the end of its stay, and the watched one with the end of the session', async () => {
    const { typist, other, attach, otherConsole, console, sessionId } = await sharedSession('technician');
    const watcher = await attach(0, watch, other);
    await watcher.message('people');
    await otherConsole.result('workspace.leave', { reason: 'locked' });
    await watcher.until('the close', () => watcher.closedBy === 'entry_ended');
    await typist.until('nobody', () => watchers(typist) === 0);
    const third = { ...other, sid: newId('sess') };
    await TestConsole.enter(await testToken(third));
    const again = await attach(0, watch, third);
    await again.message('people');
    await console.result('session.close', { sessionId });
    await again.until('the end being asked for', () => again.closedBy !== null || watchers(again) === 1);
  });

  it('lets go with the end of their stay whoever had the keyboard before', async () => {
    const { typist, agent, otherConsole, console, sessionId, owner } = await sharedSession('technician');
    await otherConsole.result('session.take', { sessionId, from: owner });
    await typist.until('the hand-over', () => people(typist)?.['mode'] === 'watch');
    await console.result('workspace.leave', { reason: 'locked' });
    await typist.until('the close', () => typist.closedBy === 'entry_ended');
    agent.sendFrame(output(0, 'seen by the colleague alone'));
    expect(typist.output()).toBe('');
  });
});

describe('a session whose stay is over', () => {
  const secondStay = async (person: { org: string; userId: string }) => {
    const stay = { ...person, sid: newId('sess') };
    const console = await TestConsole.connect(await testToken(stay));
    const entered = await console.enter();
    if (!entered.ok) throw new Error(entered.error.code);
    return { stay, console, entered: entered.result };
  };

  it('is taken up by a new stay of the same person; the older console is told', async () => {
    const { org, person, typist, agent, attach, sessionId, owner } = await sharedSession('technician');
    const { stay, console, entered } = await secondStay(person);
    expect(entered).toMatchObject({ openSessions: [{ sessionId }] });
    await console.result('session.take', { sessionId, from: owner });
    await typist.until('the close', () => typist.closedBy === 'session_taken_over');
    const back = await attach(0, { resumesInput: false }, stay);
    expect(await back.message('people')).toMatchObject({ mode: 'type' });
    input(back, 0, 'ls');
    await agent.until('the input', () => typedInto(agent) === 'ls');
    // The laptop that was left behind wakes up: it does not take the session back by itself.
    const woken = await attach(0);
    await woken.until('a refusal', () => woken.closedBy === 'session_taken_over');
    expect(await eventsOf(org, 'session.taken_over')).toHaveLength(1);
  });

  it.each(['locked', 'switched'] as const)(
    'runs on after %s, and ends when its grace is over',
    async (reason) => {
      const { org, person, typist, console, sessionId, owner, agent } = await sharedSession('technician');
      await console.result('workspace.leave', { reason });
      await typist.until('the close', () => typist.closedBy === 'entry_ended');
      const [kept] = await query(workspaceStub(org), "SELECT at FROM due WHERE kind = 'session.keep'");
      const inMinutes = (z.number().parse(kept?.['at']) - Date.now()) / 60_000;
      expect(Math.round(inMinutes)).toBe(30);
      expect(agent.messages.some(({ type }) => type === 'close')).toBe(false);

      const { console: later, entered } = await secondStay(person);
      expect(entered).toMatchObject({ openSessions: [{ sessionId }] });
      await later.result('session.take', { sessionId, from: owner });
      await ringEverything(workspaceStub(org));
      expect(agent.messages.some(({ type }) => type === 'close')).toBe(false);
      await later.result('workspace.leave', { reason });
      await query(workspaceStub(org), "UPDATE due SET at = 0 WHERE kind = 'session.keep'");
      await ringEverything(workspaceStub(org));
      await agent.message('close');
    },
  );

  it('keeps it as long as the policy says, whatever kind of absence', async () => {
    const { org, console, sessionId, machineId, agent } = await sharedSession('technician');
    const { policy } = z.object({ policy: z.looseObject({}) }).parse(await console.result('policy.get', {}));
    const longer = { ...policy, sessionGraceMinutes: 90 };
    await console.result('policy.set', { expected: policy, policy: longer } as never);
    agent.close();
    await vi.waitFor(async () => expect(await eventsOf(org, 'session.interrupted')).toHaveLength(1));
    const terminal = terminalStub(org, machineId, sessionId);
    // The first look comes early, and asks what the policy says by then.
    await ringEverything(terminal);
    const inMinutes = async (stub: DurableObjectStub, kind: string) => {
      const [due] = await query(stub, 'SELECT at FROM due WHERE kind = ?', kind);
      return Math.round((z.number().parse(due?.['at']) - Date.now()) / 60_000);
    };
    expect(await inMinutes(terminal, 'agent.grace')).toBe(90);
    await console.result('workspace.leave', { reason: 'locked' });
    expect(await inMinutes(workspaceStub(org), 'session.keep')).toBe(90);
    expect(await eventsOf(org, 'session.ended')).toEqual([]);
  });

  it.each(['closed', 'signed_out'] as const)('ends with a stay that says so: %s', async (reason) => {
    const { console, agent } = await sharedSession('technician');
    await console.result('workspace.leave', { reason });
    await agent.message('close');
  });
});
