import { describe, expect, it, vi } from 'vitest';
import {
  CREDIT_WINDOW_BYTES,
  CREDIT_WINDOW_MAX_BYTES,
  encodeFrame,
  FrameKind,
} from '#protocol/frame/frame.ts';
import { SessionId } from '#protocol/ids.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { FILL_DISK, FREE_DISK } from '../testing/full-disk.ts';
import { auditOf, query, terminalStub, workspaceStub } from '../testing/reach.ts';
import { bytes, clockStands, openSession, output, size } from '../testing/open-session.ts';
import { TerminalSocket } from '../testing/terminal-socket.ts';
import { TestConsole } from '../testing/test-console.ts';
import { newId, testToken } from '../testing/test-token.ts';
import { windowFor } from './credit-window.ts';

const started = {
  type: 'fact',
  factSeq: 1,
  at: 0,
  fact: { fact: 'started', pid: 1, shell: 'bash', user: 'root' },
};

/** A session that runs, where nothing can be recorded any more. */
async function onFullDisk() {
  const { ticket, attach, plug, org, machineId, sessionId, console: workspace } = await openSession();
  const terminal = terminalStub(org, machineId, sessionId);
  const console = await attach(0);
  const agent = await plug(ticket);
  await agent.message('welcome');
  agent.say(started);
  await query(terminal, FILL_DISK);
  return { org, terminal, console, agent, workspace, sessionId };
}

describe('a terminal session', () => {
  it('carries output to the console within its credit, and lets go of what is drawn and recorded', async () => {
    clockStands();
    const { ticket, attach, plug, org } = await openSession();
    const console = await attach(0);
    const agent = await plug(ticket);
    expect(await agent.message('welcome')).toMatchObject({ outputOffsetBytes: 0, factSeq: 0 });
    agent.say(started);
    expect(await agent.message('fact.ack')).toMatchObject({ factSeq: 1 });
    const chunk = 'x'.repeat(64 * 1024);
    for (let at = 0; at < CREDIT_WINDOW_BYTES; at += chunk.length) agent.sendFrame(output(at, chunk));
    await console.until('a window of output', () => console.output().length === CREDIT_WINDOW_BYTES);
    // Nothing is drawn yet: no more credit, nothing to forget.
    expect(agent.lastOffset(FrameKind.credit)).toBe(CREDIT_WINDOW_BYTES);
    expect(agent.lastOffset(FrameKind.free)).toBe(-1);
    console.sendFrame(encodeFrame(FrameKind.outputAck, 100_000));
    await agent.until('credit', () => agent.lastOffset(FrameKind.credit) === 100_000 + CREDIT_WINDOW_BYTES);
    expect(agent.lastOffset(FrameKind.free)).toBe(100_000);
    // Gone, the recorder takes over and lets the machine run on.
    console.close();
    await agent.until('more credit', () => agent.lastOffset(FrameKind.credit) === 2 * CREDIT_WINDOW_BYTES);
    agent.sendFrame(output(CREDIT_WINDOW_BYTES, 'the end'));
    const back = await attach(CREDIT_WINDOW_BYTES - 3);
    await back.until('the gap', () => back.output() === 'xxxthe end');
    expect((await auditOf(org)).map(({ event }) => event)).toContain('session.started');
  });

  it('grants more over long lines, both of them counted, and never more than the most', async () => {
    const begin = clockStands();
    // As long as a ticket allows: a peer that answers late to have more.
    const longMs = 20_000;
    for (const [consoleMs, machineMs] of [
      [1, 1],
      [40, 10],
      [10, 40],
      [25, 25],
      [longMs, longMs],
    ] as const) {
      vi.setSystemTime(begin);
      const { ticket, attach, plug } = await openSession();
      const console = await attach(0);
      await console.message('ready');
      vi.setSystemTime(begin + consoleMs);
      console.sendFrame(encodeFrame(FrameKind.outputAck, 0));
      const agent = await plug(ticket);
      await agent.message('welcome');
      vi.setSystemTime(begin + consoleMs + machineMs);
      agent.sendFrame(encodeFrame(FrameKind.inputAck, 0));
      await console.until('the machine’s answer', () => console.lastOffset(FrameKind.inputAck) === 0);
      console.sendFrame(encodeFrame(FrameKind.outputAck, 0));
      const grantedBytes = windowFor(consoleMs + machineMs);
      await agent.until('the credit', () => agent.lastOffset(FrameKind.credit) === grantedBytes);
    }
    expect(windowFor(2)).toBe(CREDIT_WINDOW_BYTES);
    expect(windowFor(50)).toBeGreaterThan(2 * CREDIT_WINDOW_BYTES);
    expect(windowFor(2 * longMs)).toBe(CREDIT_WINDOW_MAX_BYTES);
  });

  it('closes an agent that sends beyond its credit', async () => {
    const { ticket, attach, plug } = await openSession();
    await attach(0);
    const agent = await plug(ticket);
    await agent.message('welcome');
    const chunk = 'x'.repeat(64 * 1024);
    for (let at = 0; at <= CREDIT_WINDOW_BYTES; at += chunk.length) agent.sendFrame(output(at, chunk));
    await agent.until('the close', () => agent.closedBy === 'frame_invalid');
  });

  it('takes input once and in order, drops it without an agent, and asks for it again', async () => {
    const { ticket, attach, plug, newTicket } = await openSession();
    const console = await attach(0);
    const input = (offset: number, text: string) =>
      console.sendFrame(encodeFrame(FrameKind.input, offset, bytes(text)));
    const typed = (socket: TerminalSocket) =>
      socket.frames
        .filter(({ kind }) => kind === FrameKind.input)
        .map(({ payload }) => new TextDecoder().decode(payload))
        .join('');
    expect(await console.message('ready')).toMatchObject({ agent: 'lost', inputOffsetBytes: 0 });
    input(0, 'lost');
    const agent = await plug(ticket);
    expect(await console.message('agent')).toMatchObject({ state: 'connected', inputOffsetBytes: 0 });
    input(4, 'early');
    for (const [offset, text] of [
      [0, 'ls'],
      [0, 'ls -l'],
      [2, ' -la'],
      [9, 'gap'],
    ] as const)
      input(offset, text);
    await agent.until('the input', () => typed(agent) === 'ls -la');
    agent.sendFrame(encodeFrame(FrameKind.inputAck, 4));
    await console.until('the ack', () => console.lastOffset(FrameKind.inputAck) === 4);
    agent.close();
    await console.until('lost', () => console.messages.some((message) => message['state'] === 'lost'));
    const again = await plug(await newTicket(), 0, 5);
    await console.until('asked again', () =>
      console.messages.some((message) => message['inputOffsetBytes'] === 5),
    );
    input(4, 'la\r');
    await again.until('the rest', () => typed(again) === 'a\r');
  });

  it('resumes an agent from what it has, and drops what comes twice', async () => {
    const { ticket, attach, plug, newTicket, org } = await openSession();
    const agent = await plug(ticket);
    await agent.message('welcome');
    agent.sendFrame(output(0, 'hello '));
    agent.sendFrame(output(3, 'lo wor'));
    const console = await attach(0);
    await console.until('output', () => console.output() === 'hello wor');
    agent.sendFrame(output(20, 'far away'));
    await agent.until('the close', () => agent.closedBy === 'unavailable');
    const again = await plug(await newTicket(), 28);
    expect(await again.message('welcome')).toMatchObject({ outputOffsetBytes: 9 });
    again.sendFrame(output(0, 'hello world'));
    await console.until('all of it', () => console.output() === 'hello world');
    const events = (await auditOf(org)).map(({ event }) => event);
    expect(events.filter((event) => event.startsWith('session.'))).toEqual([
      'session.interrupted',
      'session.resumed',
    ]);
  });

  it('suits a console that is ahead of a relay that was killed', async () => {
    const { ticket, attach, plug } = await openSession();
    const console = await attach(6);
    const agent = await plug(ticket);
    await agent.message('welcome');
    agent.sendFrame(output(0, 'hello world'));
    await console.until('the new part', () => console.output() === 'world');
    expect(console.frames.find(({ kind }) => kind === FrameKind.output)?.offsetBytes).toBe(6);
  });

  it('ends after the last byte, records commands and the whole once, and remembers both', async () => {
    const { ticket, attach, plug, org, sessionId } = await openSession();
    const console = await attach(0);
    const agent = await plug(ticket);
    await agent.message('welcome');
    const commandId = 'cmd_01HZZZZZZZZZZZZZZZZZZZZZZZ';
    const facts = [
      started.fact,
      { fact: 'command.started', commandId, line: 'false', cwd: '/', trusted: true, outputOffsetBytes: 0 },
      { fact: 'command.finished', commandId, exitCode: 1, durationMs: 5, trusted: true },
      { fact: 'exited', exitCode: 3, signal: null, outputEndBytes: 4 },
    ];
    for (const [index, fact] of facts.entries()) {
      agent.say({ type: 'fact', factSeq: index + 1, at: 0, fact });
      // Sent twice, as after a cut.
      if (index < 3) agent.say({ type: 'fact', factSeq: index + 1, at: 0, fact });
    }
    await console.until(
      'the command',
      () => console.messages.findLast(({ type }) => type === 'command')?.['command'] !== undefined,
    );
    expect(console.messages.some(({ type }) => type === 'ended')).toBe(false);
    agent.sendFrame(output(0, 'bye\n'));
    expect(await console.message('ended')).toMatchObject({
      reason: 'exited',
      exitCode: 3,
      outputEndBytes: 4,
    });
    await agent.until('the last ack', () => agent.messages.at(-1)?.['factSeq'] === 4);
    expect(agent.lastOffset(FrameKind.free)).toBe(4);
    await vi.waitFor(async () => {
      const told = (await auditOf(org))
        .filter((line) => line['session_id'] === sessionId)
        .map(({ event }) => event);
      expect(told).toEqual(['session.started', 'command.started', 'command.finished', 'session.ended']);
    });
    expect((await auditOf(org)).at(-1)).toMatchObject({ exit_code: 3, bytes_out: 4, commands: 1 });
    const late = await attach(0);
    expect(await late.message('ended')).toMatchObject({ exitCode: 3 });
    expect(late.output()).toBe('bye\n');
    expect(late.messages.filter(({ type }) => type === 'command')).toMatchObject([
      { command: { exitCode: 1 } },
    ]);
  });

  it('accepts a ticket once, and no made-up one', async () => {
    const { ticket, plug } = await openSession();
    await (await plug(ticket)).message('welcome');
    for (const bad of [ticket, `${ticket}x`, ticket.replace('ct1', 'cm1'), '']) {
      const refused = await plug(bad);
      await refused.until('the refusal', () => refused.closedBy === 'ticket_invalid');
    }
  });

  it('is there for its own organization only; others see what an unknown one shows', async () => {
    const { org, path, console, attach, person } = await openSession();
    const stranger = { org: newId('org'), sid: newId('sess'), userId: newId('user') };
    await TestConsole.enter(await testToken(stranger));
    const unknown = '/v1/terminals/mac_01HZZZZZZZZZZZZZZZZZZZZZZZ/ses_01HZZZZZZZZZZZZZZZZZZZZZZZ';
    const seen: unknown[] = [];
    for (const [who, where] of [
      [stranger, path],
      [person, unknown],
      [person, '/v1/terminals/x/y'],
    ] as const) {
      const socket = await TerminalSocket.open(where, `Bearer ${await testToken(who)}`);
      await socket.until('the close', () => socket.closedBy !== null);
      seen.push([socket.closedBy, socket.messages]);
    }
    expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(JSON.stringify(seen[0])).toContain('not_found');
    const outside = await TerminalSocket.open(path, `Bearer ${await testToken({ org })}`);
    await outside.until('the close', () => outside.closedBy === 'entry_required');

    const attached = await attach(0);
    await attached.message('ready');
    await console.result('workspace.leave', { reason: 'locked' });
    await attached.until('the close', () => attached.closedBy === 'entry_ended');
  });

  it('ends in the workspace even when its object never came to be', async () => {
    const { org, console, machineId, person } = await openSession();
    const sessionId = SessionId.parse('ses_01HZZZZZZZZZZZZZZZZZZZZZZY');
    await query(
      workspaceStub(org),
      `INSERT INTO sessions (session_id, machine_id, machine_name, entry_id, user_id, user_name, cols, rows, state, created_at)
       SELECT ?, ?, '', entry_id, ?, '', 80, 24, 'opening', 0 FROM entries`,
      sessionId,
      machineId,
      person.userId,
    );
    await console.result('session.close', { sessionId });
    await vi.waitFor(async () =>
      expect((await auditOf(org)).at(-1)).toMatchObject({ event: 'session.failed', session_id: sessionId }),
    );
  });

  it('lets nothing flow that it cannot record, and ends after ten seconds of it', async () => {
    const brokenAt = clockStands();
    const { org, console, agent } = await onFullDisk();
    const chunk = 'x'.repeat(64 * 1024);
    for (let at = 0; at < CREDIT_WINDOW_BYTES; at += chunk.length) agent.sendFrame(output(at, chunk));
    await console.until('a window of output', () => console.output().length === CREDIT_WINDOW_BYTES);
    console.sendFrame(encodeFrame(FrameKind.outputAck, CREDIT_WINDOW_BYTES));
    console.say({ type: 'resize', size: { cols: 100, rows: 30 } });
    await agent.until('the resize', () => agent.messages.some(({ type }) => type === 'resize'));
    // Drawn, and not recorded: no credit for more, nothing to forget.
    expect(agent.lastOffset(FrameKind.credit)).toBe(CREDIT_WINDOW_BYTES);
    expect(agent.lastOffset(FrameKind.free)).toBe(-1);
    vi.useRealTimers();
    const ended = await vi.waitFor(() => {
      const found = console.messages.find(({ type }) => type === 'ended');
      if (found === undefined) throw new Error('waiting for the end');
      return found;
    }, 15_000);
    expect(Date.now() - brokenAt).toBeGreaterThanOrEqual(9900);
    expect(ended).toMatchObject({ reason: 'recording_failed' });
    await agent.until('told to close', () => agent.messages.some(({ type }) => type === 'close'));
    await vi.waitFor(async () =>
      expect((await auditOf(org)).at(-1)).toMatchObject({
        event: 'session.ended',
        reason: 'recording_failed',
        bytes_out: 0,
      }),
    );
  }, 20_000);

  it('goes on once it can record again', async () => {
    const { terminal, console, agent } = await onFullDisk();
    agent.sendFrame(output(0, 'hello'));
    await console.until('output', () => console.output() === 'hello');
    console.sendFrame(encodeFrame(FrameKind.outputAck, 5));
    await query(terminal, FREE_DISK);
    await agent.until('the bytes to be safe', () => agent.lastOffset(FrameKind.free) === 5);
    console.close();
  });

  it('ends as not recorded, for good, where what was shown could not be written by then', async () => {
    const { org, terminal, console, agent, workspace, sessionId } = await onFullDisk();
    agent.sendFrame(output(0, 'shown'));
    await console.until('output', () => console.output() === 'shown');
    agent.close();
    await console.until('lost', () => console.messages.some((message) => message['state'] === 'lost'));
    await workspace.result('session.close', { sessionId });
    expect(await console.message('ended')).toMatchObject({ reason: 'recording_failed' });
    await query(terminal, FREE_DISK);
    await vi.waitFor(async () =>
      expect((await auditOf(org)).at(-1)).toMatchObject({ event: 'session.ended', bytes_out: 0 }),
    );
    // Reading has what is pending written first.
    expect(await workspace.call('recording.read', { sessionId, cursor: null })).toMatchObject({
      ok: true,
      result: { events: [{ kind: 'resize' }], nextCursor: null },
    });
  });

  it('stays with the newest console when the words of an older one come late', async () => {
    const { attach, person, path } = await openSession();
    // Dialled, and given up by its console: what it said is on its way still.
    const slow = await TerminalSocket.open(path, `Bearer ${await testToken(person)}`);
    const second = await attach(0);
    await second.message('ready');
    slow.say({ type: 'hello', protocolVersion: PROTOCOL_VERSION, outputOffsetBytes: 0, size });
    await slow.until('the close', () => slow.closedBy === 'session_taken_over');
    expect(second.closedBy).toBeNull();
    const third = await attach(0);
    await third.message('ready');
    await second.until('the close', () => second.closedBy === 'session_taken_over');
  });

  it('takes no answer of the terminal for somebody who types', async () => {
    const { org, ticket, attach, plug } = await openSession();
    const console = await attach(0);
    const agent = await plug(ticket);
    await console.message('agent');
    const workspace = workspaceStub(org);
    await query(workspace, 'UPDATE entries SET active_at = 0');
    const type = async (offset: number, text: string) => {
      console.sendFrame(encodeFrame(FrameKind.input, offset, bytes(text)));
      await agent.until('the input', () => agent.lastOffset(FrameKind.input) === offset);
    };
    const isActive = async () =>
      Number((await query(workspace, 'SELECT active_at FROM entries'))[0]?.['active_at']) > 0;
    await type(0, '\u001B[24;80R');
    await type(8, '\u001B[?1;2c');
    expect(await isActive()).toBe(false);
    await type(15, 'x');
    await vi.waitFor(async () => expect(await isActive()).toBe(true));
  });

  it('goes to the newest console', async () => {
    const { attach } = await openSession();
    const first = await attach(0);
    await first.message('ready');
    const second = await attach(0);
    await second.message('ready');
    await first.until('the close', () => first.closedBy === 'session_taken_over');
  });
});
