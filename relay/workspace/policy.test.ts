import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { encodeFrame, FrameKind } from '#protocol/frame/frame.ts';
import { verbs } from '#protocol/control/verbs.ts';
import { errorOfCloseCode } from '#protocol/errors.ts';
import { SessionId } from '#protocol/ids.ts';
import { DEFAULT_POLICY } from '#protocol/policy.ts';
import type { OrganizationPolicy } from '#protocol/policy.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { auditOf, query, ringEverything, workspaceStub } from '../testing/reach.ts';
import { TerminalSocket } from '../testing/terminal-socket.ts';
import { TestAgent } from '../testing/test-agent.ts';
import { TestConsole } from '../testing/test-console.ts';
import { newId, testToken } from '../testing/test-token.ts';

const closedWith = async (console: TestConsole) => errorOfCloseCode(await console.closed());
const HOUR_MS = 3_600_000;

/** An administrator inside, with both factors verified just now. */
async function administrator(org = newId('org')) {
  const person = { org, sid: newId('sess'), userId: newId('user'), role: 'admin', fva: [0, 0] as const };
  return { org, person, console: await TestConsole.enter(await testToken(person)) };
}

const change = (console: TestConsole, over: Partial<OrganizationPolicy>, expected = DEFAULT_POLICY) =>
  console.call('policy.set', { expected, policy: { ...expected, ...over } });

describe('the organization’s policy', () => {
  it('is the default until an administrator sets one, who must have seen what holds', async () => {
    const { org, console } = await administrator();
    expect(await console.result('policy.get', {})).toEqual({
      policy: DEFAULT_POLICY,
      freshSignInMinutesMax: 2,
    });
    expect(await change(console, { entryIdleMinutes: 45 })).toMatchObject({ ok: true });
    expect(await change(console, { entryIdleMinutes: 60 })).toMatchObject({ error: { code: 'conflict' } });
    const technician = await TestConsole.enter(await testToken({ org }));
    expect(await technician.result('policy.get', {})).toMatchObject({ policy: { entryIdleMinutes: 45 } });
    expect(await change(technician, {})).toMatchObject({ error: { code: 'role_insufficient' } });
    const changes = (await auditOf(org)).filter(({ event }) => event === 'policy.changed');
    expect(changes).toMatchObject([
      { policy: 'organization', before: null, after: { ...DEFAULT_POLICY, entryIdleMinutes: 45 } },
    ]);
  });

  it('stays within its bounds and below the relay’s own limit', async () => {
    const { org, console } = await administrator();
    const wrong: Partial<OrganizationPolicy>[] = [
      { freshSignInMinutes: 3 },
      { entryIdleMinutes: 4 },
      { entryIdleMinutes: 60, entryMaxMinutes: 30 },
      { entryMaxMinutes: 1441 },
      { stepUpMinutes: 0 },
      { stepUpMinutes: 5.5 },
    ];
    for (const over of wrong) {
      expect(await change(console, over)).toMatchObject({ error: { code: 'message_invalid' } });
    }
    expect(await query(workspaceStub(org), 'SELECT * FROM organization_policy')).toEqual([]);
  });

  it('demands a second factor, as fresh as the first, of who enters then', async () => {
    const { org, console } = await administrator();
    const one = await TestConsole.enter(await testToken({ org, role: 'admin' }));
    // Nobody locks themselves out.
    expect(await change(one, { secondFactor: true })).toMatchObject({
      error: { code: 'second_factor_required' },
    });
    expect(await change(console, { secondFactor: true })).toMatchObject({ ok: true });
    const enterWith = async (fva: readonly [number, number]) => {
      const opened = await TestConsole.connect(await testToken({ org, fva }));
      await opened.enter().catch(() => undefined);
      return opened;
    };
    expect(await closedWith(await enterWith([0, -1]))).toBe('second_factor_required');
    expect(await closedWith(await enterWith([0, 3]))).toBe('sign_in_not_fresh');
    expect(await closedWith(await enterWith([3, 0]))).toBe('sign_in_not_fresh');
    expect(await (await enterWith([1, 1])).call('policy.get', {})).toMatchObject({ ok: true });
    // Who was in stays in.
    expect(await one.call('policy.get', {})).toMatchObject({ ok: true });
    expect((await auditOf(org)).filter(({ event }) => event === 'access.denied')).toMatchObject([
      { verb: 'policy.set', refused_code: 'second_factor_required' },
      { verb: 'workspace.enter', refused_code: 'second_factor_required' },
      { refused_code: 'sign_in_not_fresh' },
      { refused_code: 'sign_in_not_fresh' },
    ]);
  });
});

describe('an entry', () => {
  const backdate = (org: string, column: 'active_at' | 'opened_at', byMs: number) =>
    query(workspaceStub(org), `UPDATE entries SET ${column} = ${column} - ?`, byMs);

  it('ends when nobody does anything, with its attempt, its sign-in and a reason', async () => {
    const { org, person, console } = await administrator();
    await console.result('machine.search', { query: 'nowhere', settled: true, limit: 10 });
    await backdate(org, 'active_at', HOUR_MS);
    // What a console does by itself shows nobody's presence; what a person asks does.
    await console.result('machine.search', { query: 'again', settled: true, limit: 10 });
    await ringEverything(workspaceStub(org));
    expect(await console.call('policy.get', {})).toMatchObject({ ok: true });

    await backdate(org, 'active_at', 29 * 60_000);
    await ringEverything(workspaceStub(org));
    await vi.waitFor(() => {
      const warned = console.messages.find(({ type }) => type === 'stay.ending');
      expect(warned).toMatchObject({ reason: 'idle', inMs: expect.closeTo(60_000, -4) });
    }, 5000);
    await backdate(org, 'active_at', HOUR_MS);
    const { sid, userId } = person;
    console.send(JSON.stringify({ type: 'token', token: await testToken(person) }));
    await console.call('machine.probe', { machineId: 'mac_00000000000000000000000000' as never });
    await ringEverything(workspaceStub(org));
    expect(await closedWith(console)).toBe('entry_idle');
    const ends = new Set(['session_attempt.aborted', 'workspace.locked']);
    expect((await auditOf(org)).filter(({ event }) => ends.has(event))).toMatchObject([
      { event: 'session_attempt.aborted', reason: 'timed_out' },
      { event: 'workspace.locked', reason: 'idle' },
    ]);
    await vi.waitFor(async () => {
      const again = await TestConsole.connect(await testToken({ org, sid, userId }));
      expect(await closedWith(again)).toBe('sign_in_spent');
    });
  });

  it('ends at its maximum age however busy it is, and tells a console that was away why', async () => {
    const { org, person, console } = await administrator();
    await backdate(org, 'opened_at', 11 * HOUR_MS);
    await ringEverything(workspaceStub(org));
    expect(await console.call('policy.get', {})).toMatchObject({ ok: true });
    // A shorter one holds at once.
    expect(await change(console, { entryMaxMinutes: 600 })).toMatchObject({ ok: true });
    expect(await closedWith(console)).toBe('entry_max_age');
    expect((await auditOf(org)).find(({ event }) => event === 'workspace.locked')).toMatchObject({
      reason: 'max_age',
    });
    const again = await TestConsole.connect(await testToken(person));
    expect(['sign_in_spent', 'entry_max_age']).toContain(await closedWith(again));
  });

  it('is kept alive by typing into a terminal, and not by its output', async () => {
    const { org, person, console } = await administrator();
    const { agent, machineId } = await TestAgent.enrolled(console);
    const size = { cols: 80, rows: 24 };
    const { sessionId } = z
      .object({ sessionId: z.string() })
      .parse(await console.result('session.open', { machineId, size }));
    const told = await agent.until(({ type }) => type === 'session.open');
    const data = await TerminalSocket.open(
      '/v1/agent/terminal',
      `Ticket ${told.type === 'session.open' ? told.ticket : ''}`,
    );
    const version = { protocolVersion: PROTOCOL_VERSION };
    data.say({ type: 'hello', ...version, outputStartBytes: 0, outputEndBytes: 0, inputOffsetBytes: 0 });
    const path = `/v1/terminals/${machineId}/${sessionId}`;
    const terminal = await TerminalSocket.open(path, `Bearer ${await testToken(person)}`);
    terminal.say({ type: 'hello', ...version, outputOffsetBytes: 0, size });
    await terminal.message('ready');
    await data.message('welcome');

    await backdate(org, 'active_at', HOUR_MS);
    const activeAt = async () => {
      const [row] = await query(workspaceStub(org), 'SELECT active_at FROM entries');
      return Number(row?.['active_at']);
    };
    data.sendFrame(encodeFrame(FrameKind.output, 0, new TextEncoder().encode('out')));
    await terminal.until('output', () => terminal.output() === 'out');
    expect(Date.now() - (await activeAt())).toBeGreaterThan(HOUR_MS - 60_000);
    terminal.sendFrame(encodeFrame(FrameKind.input, 0, new TextEncoder().encode('x')));
    await vi.waitFor(async () => expect(Date.now() - (await activeAt())).toBeLessThan(60_000), 5000);
  });
});

describe('a sensitive verb', () => {
  it('takes a factor verified lately, which a new token of this entry brings', async () => {
    const { org, person, console } = await administrator();
    const old = { ...person, fva: [6, 6] as const };
    const create = () => console.call('enrollment.create', { machineName: 'WEST-01' });
    expect(await create()).toMatchObject({ ok: true });
    console.send(JSON.stringify({ type: 'token', token: await testToken(old) }));
    expect(await create()).toMatchObject({ error: { code: 'step_up_required' } });
    expect(await change(console, {})).toMatchObject({ error: { code: 'step_up_required' } });
    expect(await console.call('runbook.list', {})).toMatchObject({ ok: true });

    const stepUp = async (over: object) =>
      console.call('workspace.reverify', {
        token: await testToken({ ...person, ...over }),
        purpose: 'step_up',
      });
    const kept = { claims: { iat: Math.floor(Date.now() / 1000) - 5 } };
    expect(await stepUp(kept)).toMatchObject({ error: { code: 'sign_in_not_fresh' } });
    expect(await stepUp({ fva: [1, 1] })).toMatchObject({ error: { code: 'sign_in_not_fresh' } });
    expect(await stepUp({ sid: newId('sess') })).toMatchObject({ error: { code: 'token_invalid' } });
    expect(await stepUp({ org: newId('org') })).toMatchObject({ error: { code: 'token_invalid' } });
    expect(await create()).toMatchObject({ error: { code: 'step_up_required' } });
    expect(await stepUp({})).toMatchObject({ ok: true });
    expect(await create()).toMatchObject({ ok: true });
    // It is not a switch, and is not recorded as one.
    expect((await auditOf(org)).filter(({ event }) => event === 'workspace.entered')).toHaveLength(1);
  });
});

describe('a role that changed', () => {
  it('holds at once when a token brings it: for verbs, and for terminals that are open', async () => {
    const { org, person, console } = await administrator();
    const { agent, machineId } = await TestAgent.enrolled(console);
    const size = { cols: 80, rows: 24 };
    const { sessionId } = z
      .object({ sessionId: z.string() })
      .parse(await console.result('session.open', { machineId, size }));
    await agent.until(({ type }) => type === 'session.open');
    const path = `/v1/terminals/${machineId}/${sessionId}`;
    const terminal = await TerminalSocket.open(path, `Bearer ${await testToken(person)}`);
    terminal.say({ type: 'hello', protocolVersion: PROTOCOL_VERSION, outputOffsetBytes: 0, size });
    await terminal.message('ready');

    const soon = Math.floor(Date.now() / 1000) + 1;
    const before = await testToken(person);
    const demoted = await testToken({ ...person, role: 'reviewer', claims: { iat: soon } });
    console.send(JSON.stringify({ type: 'token', token: demoted }));
    expect(await closedWith(console)).toBe('role_changed');
    expect(await terminal.until('the end', () => terminal.closedBy ?? undefined)).toBe('role_insufficient');

    // An administrator's token of before brings nothing back: not by reconnecting, not by renewing.
    const again = await TestConsole.connect(before);
    expect(await again.enter()).toMatchObject({ ok: true, result: { resumed: true, role: 'reviewer' } });
    again.send(JSON.stringify({ type: 'token', token: before }));
    expect(await again.call('enrollment.create', { machineName: 'X' })).toMatchObject({
      error: { code: 'role_insufficient' },
    });
    const reattached = await TerminalSocket.open(path, `Bearer ${before}`);
    await reattached.until('a refusal', () => reattached.closedBy ?? undefined);
    expect(reattached.closedBy).toBe('role_insufficient');
    expect((await auditOf(org)).find(({ event }) => event === 'access.role_changed')).toMatchObject({
      before: 'admin',
      after: 'reviewer',
      by: 'token',
      sessions_closed: 1,
    });
  });
});

describe('a runbook', () => {
  it('says what is typed: no step or title holds a line break, a control or what cannot be seen', async () => {
    const { console } = await administrator();
    const draft = {
      runbookId: null,
      title: 'Restart',
      description: 'Two\nlines.',
      steps: ['true', 'echo ä'],
      parameters: [],
      irreversible: false,
    };
    expect(await console.call('runbook.save', draft)).toMatchObject({ ok: true });
    const hiding = [
      'true\nreboot',
      'true\rreboot',
      'true\treb',
      '\u001b[A',
      'echo \u202e',
      'echo\u200b',
      '\ud800',
    ];
    for (const text of hiding) {
      for (const change of [{ steps: ['true', text] }, { title: text }])
        expect(await console.call('runbook.save', { ...draft, ...change })).toMatchObject({
          ok: false,
          error: { code: 'message_invalid' },
        });
    }
    expect(await console.result('runbook.list', {})).toMatchObject({ runbooks: [{ title: 'Restart' }] });
  });
});

describe('a session', () => {
  it('is reached through the entry that opened it alone, by the same person too', async () => {
    const { org, person, console } = await administrator();
    const { agent, machineId } = await TestAgent.enrolled(console);
    const size = { cols: 80, rows: 24 };
    const { sessionId } = z
      .object({ sessionId: SessionId })
      .parse(await console.result('session.open', { machineId, size }));
    await agent.until(({ type }) => type === 'session.open');
    const { runbookId, versionSha256 } = verbs['runbook.save'].result.parse(
      await console.result('runbook.save', {
        runbookId: null,
        title: 'One',
        description: '',
        steps: ['true'],
        parameters: [],
        irreversible: false,
      }),
    );
    const run = { runbookId, versionSha256, lines: ['true'], sessionId, values: {}, confirmed: null };
    const other = await TestConsole.enter(await testToken({ ...person, sid: newId('sess') }));
    const paste = { lines: 1, bytes: 1, controlChars: 0, decision: 'accepted', provenance: 'same' } as const;
    const notFound = { ok: false, error: { code: 'not_found' } };
    expect(await other.call('session.close', { sessionId })).toMatchObject(notFound);
    expect(await other.call('runbook.run', run)).toMatchObject(notFound);
    expect(await other.call('paste.report', { ...paste, sessionId })).toMatchObject(notFound);
    expect(await console.call('runbook.run', run)).toMatchObject({ ok: true });
    expect(await console.call('paste.report', { ...paste, sessionId })).toMatchObject({ ok: true });
    expect(await console.call('session.close', { sessionId })).toMatchObject({ ok: true });
    expect((await auditOf(org)).filter(({ event }) => event === 'access.denied')).toHaveLength(3);
  });
});
