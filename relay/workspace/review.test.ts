import { describe, expect, it, vi } from 'vitest';
import { verbs } from '#protocol/control/verbs.ts';
import type { SessionFact } from '#protocol/control/agent-to-terminal.ts';
import { CommandId, EntryId, SessionId } from '#protocol/ids.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { auditOf, query, workspaceStub } from '../testing/reach.ts';
import { TerminalSocket } from '../testing/terminal-socket.ts';
import { TestAgent } from '../testing/test-agent.ts';
import { TestConsole } from '../testing/test-console.ts';
import { newId, testToken } from '../testing/test-token.ts';

const size = { cols: 80, rows: 24 };
const range = { fromMs: 0, toMs: 9e15 };
const paste = {
  decision: 'blocked',
  provenance: 'other_workspace',
  lines: 1,
  bytes: 1,
  controlChars: 0,
} as const;
const commandId = (digit: number) => CommandId.parse(`cmd_01HZZZZZZZZZZZZZZZZZZZZZZ${digit}`);

const started = (digit: number, line: string): SessionFact => ({
  fact: 'command.started',
  commandId: commandId(digit),
  line,
  cwd: '/srv',
  trusted: true,
  outputOffsetBytes: 0,
});
const finished = (digit: number, exitCode: number): SessionFact => ({
  fact: 'command.finished',
  commandId: commandId(digit),
  exitCode,
  durationMs: 5,
  trusted: true,
  outputEndBytes: 7,
});

/** An administrator who ran two commands, and whose paste was stopped; a reviewer of the same workspace. */
async function night() {
  const org = newId('org');
  const admin = await TestConsole.enter(await testToken({ org, role: 'admin' }));
  const { agent, machineId } = await TestAgent.enrolled(admin);
  const { sessionId } = verbs['session.open'].result.parse(
    await admin.result('session.open', { machineId, size }),
  );
  const told = await agent.until(({ type }) => type === 'session.open');
  if (told.type !== 'session.open') throw new Error('unreachable');
  const socket = await TerminalSocket.open('/v1/agent/terminal', `Ticket ${told.ticket}`);
  socket.say({
    type: 'hello',
    protocolVersion: PROTOCOL_VERSION,
    outputStartBytes: 0,
    outputEndBytes: 0,
    inputOffsetBytes: 0,
  });
  await socket.message('welcome');
  const facts: SessionFact[] = [
    { fact: 'started', pid: 1, shell: 'bash', user: 'root' },
    started(1, 'systemctl restart CUPS'),
    finished(1, 0),
    started(2, 'systemctl status cups % _'),
    finished(2, 3),
  ];
  for (const [index, fact] of facts.entries()) socket.say({ type: 'fact', factSeq: index + 1, at: 0, fact });
  await admin.result('paste.report', { ...paste, sessionId });
  const reviewer = await TestConsole.enter(await testToken({ org, role: 'reviewer' }));
  const open = async () => verbs['review.open'].result.parse(await reviewer.result('review.open', range));
  await vi.waitFor(async () =>
    expect((await open()).sessions[0]?.commands.map(({ exitCode }) => exitCode)).toEqual([0, 3]),
  );
  return { org, admin, reviewer, machineId, sessionId, open };
}

describe('the review', () => {
  it('says what deserves the first look, and counts the same at its end', async () => {
    const { org, admin, reviewer, sessionId, open } = await night();
    const before = await open();
    expect(before.sessions).toMatchObject([
      {
        sessionId,
        exceptions: ['blocked_paste', 'failed_command'],
        blockedPastes: [{ provenance: 'other_workspace' }],
        commands: [{ outputEndBytes: 7 }, { outputEndBytes: 7 }],
      },
    ]);
    expect(before.pastes).toEqual([]);
    await admin.result('paste.report', { ...paste, sessionId: null });
    await admin.result('paste.report', { ...paste, sessionId: null, decision: 'previewed' });
    const after = await open();
    expect(after.pastes).toMatchObject([{ pastes: [{ provenance: 'other_workspace' }] }]);
    const done = await reviewer.result('review.complete', { ...range, verdict: 'clean' });
    expect(done).toMatchObject({ sessions: 1, exceptions: 2 });
    expect((await auditOf(org)).at(-1)).toMatchObject({ event: 'review.completed', exceptions: 2 });
  });

  it('keeps notes for whoever reviews next, sealed, on what there is in this workspace alone', async () => {
    const { org, admin, reviewer, machineId, sessionId, open } = await night();
    const text = 'Asked Tess: meant PRIM-PRINT-01';
    await reviewer.result('review.note', { itemId: sessionId, text: ` ${text} ` });
    expect((await open()).notes).toMatchObject([{ itemId: sessionId, text }]);
    const lines = await auditOf(org);
    expect(lines.at(-1)).toMatchObject({ event: 'review.noted', item_id: sessionId });
    expect(JSON.stringify(lines)).not.toContain('PRIM-PRINT');
    const unknown = SessionId.parse('ses_01HZZZZZZZZZZZZZZZZZZZZZZZ');
    const entry = EntryId.parse('ent_01HZZZZZZZZZZZZZZZZZZZZZZZ');
    const refused: unknown[] = [];
    // A machine without an alert about its key is no card either.
    for (const itemId of [unknown, entry, machineId]) {
      refused.push(await reviewer.call('review.note', { itemId, text }));
    }
    expect(new Set(refused.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(refused[0]).toMatchObject({ ok: false, error: { code: 'not_found' } });
    await admin.result('paste.report', { ...paste, sessionId: null });
    const { pastes } = await open();
    const itemId = pastes[0]?.entryId ?? entry;
    expect(await reviewer.call('review.note', { itemId, text })).toMatchObject({ ok: true });
  });

  it('finds commands by every word of the query, as text and never as a pattern', async () => {
    const { org, reviewer, sessionId } = await night();
    const find = async (words: string, change = {}) =>
      verbs['command.search'].result.parse(
        await reviewer.result('command.search', { query: words, ...range, limit: 10, ...change }),
      );
    const lines = async (words: string) => (await find(words)).commands.map(({ command }) => command.line);
    expect(await lines('cups')).toEqual(['systemctl status cups % _', 'systemctl restart CUPS']);
    expect(await lines('CUPS restart')).toEqual(['systemctl restart CUPS']);
    expect(await lines('%')).toEqual(['systemctl status cups % _']);
    for (const none of ['', '   ', 'cups apache', '%%', 'c_ps']) expect(await lines(none)).toEqual([]);
    expect((await find('cups')).commands[0]).toMatchObject({ sessionId, machineName: 'WEST-PRINT-01' });
    expect(await find('cups', { limit: 1 })).toMatchObject({ commands: [{}], more: true });
    expect(await find('cups', { toMs: 1 })).toEqual({ commands: [], more: false });
    const before = (await auditOf(org)).length;
    await find('cups');
    expect((await auditOf(org)).length).toBe(before);
  });

  it('searches 100,000 commands in a moment', async () => {
    const { org, reviewer, sessionId } = await night();
    await query(
      workspaceStub(org),
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
       INSERT INTO commands (session_id, command_id, line, cwd, started_at, source, trusted, output_offset)
       SELECT ?, 'cmd_' || i, 'journalctl -u service-' || i || ' --since yesterday', '/', i, 'integration', 1, 0 FROM n`,
      sessionId,
    );
    const began = performance.now();
    const answer = await reviewer.result('command.search', { query: 'nowhere', ...range, limit: 50 });
    expect(answer).toEqual({ commands: [], more: false });
    // A hundredth of this on a quiet machine; a scan that reads rows one by one into JavaScript takes longer.
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('tells a night that no message could hold in parts, every command once and in its order', async () => {
    const { org, reviewer, sessionId } = await night();
    const many = 1300;
    // 32,768 characters each: 42 MB.
    await query(
      workspaceStub(org),
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${many})
       INSERT INTO commands (session_id, command_id, line, cwd, started_at, finished_at, exit_code, source, trusted, output_offset)
       SELECT ?, printf('cmd_01HY%022d', i), hex(zeroblob(16384)), '/', i, i, i = ${many}, 'integration', 1, 0 FROM n`,
      sessionId,
    );
    const opened = verbs['review.open'].result.parse(await reviewer.result('review.open', range));
    expect(opened.unfinished).toEqual([{ sessionId, commandsFrom: expect.any(Number) }]);
    expect(opened.sessions[0]?.exceptions).toContain('failed_command');
    const commands = [...(opened.sessions[0]?.commands ?? [])];
    for (let from: number | null = opened.unfinished[0]?.commandsFrom ?? null; from !== null;) {
      expect(from).toBe(commands.length);
      const part = verbs['session.review'].result.parse(
        await reviewer.result('session.review', { sessionId, commandsFrom: from }),
      );
      expect(JSON.stringify(part).length).toBeLessThan(3 * 1024 * 1024);
      commands.push(...part.commands);
      from = part.commandsNext;
    }
    expect(commands).toHaveLength(many + 2);
    expect(new Set(commands.map(({ commandId }) => commandId)).size).toBe(commands.length);
    expect(commands.map(({ startedAt }) => startedAt)).toEqual(
      commands.map(({ startedAt }) => startedAt).toSorted((a, b) => a - b),
    );
    expect(await reviewer.result('review.complete', { ...range, verdict: 'clean' })).toMatchObject({
      sessions: 1,
      exceptions: 1,
    });
  });

  it('is for reviewers: what they do is refused to a technician', async () => {
    const { org, sessionId } = await night();
    const technician = await TestConsole.enter(await testToken({ org }));
    const refused = [
      await technician.call('review.open', range),
      await technician.call('session.review', { sessionId }),
      await technician.call('review.note', { itemId: sessionId, text: 'x' }),
      await technician.call('command.search', { query: 'cups', ...range, limit: 1 }),
      await technician.call('recording.read', { sessionId, cursor: null }),
    ];
    for (const answer of refused)
      expect(answer).toMatchObject({ ok: false, error: { code: 'role_insufficient' } });
  });

  it('records whether a recording was played or taken away', async () => {
    const { org, reviewer, sessionId } = await night();
    await reviewer.result('recording.read', { sessionId, cursor: null });
    await reviewer.result('recording.read', { sessionId, cursor: null, purpose: 'download' });
    const viewed = (await auditOf(org)).filter(({ event }) => event === 'recording.viewed');
    expect(viewed.map((line) => line['purpose'])).toEqual(['play', 'download']);
  });

  it('records a reading that begins in the middle, once, and every stay’s own', async () => {
    const { org, admin, reviewer, sessionId } = await night();
    const viewers = async () =>
      (await auditOf(org)).filter(({ event }) => event === 'recording.viewed').map((line) => line['viewer']);
    for (const cursor of [0, 1, 2]) await reviewer.result('recording.read', { sessionId, cursor });
    expect(await viewers()).toHaveLength(1);
    await admin.result('recording.read', { sessionId, cursor: 1 });
    expect(new Set(await viewers()).size).toBe(2);
  });
});
