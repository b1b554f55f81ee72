import { describe, expect, it, vi } from 'vitest';
import { verbs } from '#protocol/control/verbs.ts';
import type { VerbParams } from '#protocol/control/verbs.ts';
import type { RunbookParameter } from '#protocol/runbook/runbook-parameter.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { derivedFrame } from '#protocol/workspace-frame.ts';
import { CommandId, OrgId } from '#protocol/ids.ts';
import type { SessionFact } from '#protocol/control/agent-to-terminal.ts';
import type { Runbook } from '#protocol/records.ts';
import { auditOf, query, workspaceStub } from '../testing/reach.ts';
import { TerminalSocket } from '../testing/terminal-socket.ts';
import { TestAgent } from '../testing/test-agent.ts';
import { TestConsole } from '../testing/test-console.ts';
import { newId, testToken } from '../testing/test-token.ts';

const queue: RunbookParameter = {
  name: 'queue',
  description: 'Which queue',
  default: 'main',
  required: true,
  takes: { kind: 'matching', pattern: "[a-z' ]+" },
};
const draft: VerbParams<'runbook.save'> = {
  runbookId: null,
  title: 'Cancel a job',
  description: '',
  steps: ['lpstat -p {{queue}}', 'lprm -U {{user}} {{queue}}'],
  parameters: [queue, { ...queue, name: 'user', default: null, required: false, takes: { kind: 'any' } }],
  irreversible: false,
};

/** A run of it as it stands here; with values, of these lines. */
const shown = (
  { runbookId, versionSha256, steps }: Runbook,
  more: Pick<VerbParams<'runbook.run'>, 'sessionId'> & Partial<VerbParams<'runbook.run'>>,
): VerbParams<'runbook.run'> => ({
  runbookId,
  versionSha256,
  lines: steps,
  values: {},
  confirmed: null,
  ...more,
});

const runsIn = async (org: string) => (await auditOf(org)).filter(({ event }) => event === 'runbook.run');

/** An administrator with a session, and what the machine says of its shell. */
async function atMachine() {
  const org = newId('org');
  const person = { org, sid: newId('sess'), userId: newId('user'), role: 'admin', fva: [0, 0] as const };
  const console = await TestConsole.enter(await testToken(person));
  const { agent, machineId } = await TestAgent.enrolled(console);
  const { sessionId } = verbs['session.open'].result.parse(
    await console.result('session.open', { machineId, size: { cols: 80, rows: 24 } }),
  );
  const told = await agent.until(({ type }) => type === 'session.open');
  if (told.type !== 'session.open') throw new Error('unreachable');
  const socket = await TerminalSocket.open('/v1/agent/terminal', `Ticket ${told.ticket}`);
  const hello = { outputStartBytes: 0, outputEndBytes: 0, inputOffsetBytes: 0 };
  socket.say({ type: 'hello', protocolVersion: PROTOCOL_VERSION, ...hello });
  await socket.message('welcome');
  const runs = async (shell: string, kind: string | null) => {
    socket.say({ type: 'fact', factSeq: 1, at: 0, fact: { fact: 'started', pid: 1, shell, user: 'root' } });
    if (kind !== null)
      await vi.waitFor(async () =>
        expect(await console.result('session.shell', { sessionId })).toEqual({ shell: kind }),
      );
  };
  const says = (factSeq: number, fact: SessionFact) => socket.say({ type: 'fact', factSeq, at: 0, fact });
  const save = async (change: Partial<typeof draft> = {}) =>
    verbs['runbook.save'].result.parse(await console.result('runbook.save', { ...draft, ...change }));
  const { name: machineName } = verbs['machine.get'].result.parse(
    await console.result('machine.get', { machineId }),
  );
  return { org, console, sessionId, machineName, runs, says, save };
}

describe('values of a runbook', () => {
  it('are checked and quoted by the relay, for the shell that the machine reported', async () => {
    const { org, console, sessionId, runs, save } = await atMachine();
    const saved = await save();
    const lines = [String.raw`lpstat -p 'it\'s'`, String.raw`lprm -U 'a\\' 'it\'s'`];
    const run = (values: Record<string, string>) =>
      console.call('runbook.run', shown(saved, { sessionId, values, lines }));
    expect(await run({ queue: 'a' })).toMatchObject({ error: { code: 'runbook_shell_unknown' } });
    await runs('/usr/bin/fish', 'fish');
    for (const values of [{}, { queue: 'A' }, { queue: 'a', user: '-rf' }, { queue: 'a', user: 'a\nb' }])
      expect(await run(values)).toMatchObject({ error: { code: 'runbook_value_refused' } });
    expect(await run({ queue: 'its', user: 'a' })).toMatchObject({ error: { code: 'runbook_not_as_shown' } });
    expect(await runsIn(org)).toEqual([]);
    expect(await run({ queue: "it's", user: 'a\\', other: 'ignored' })).toMatchObject({ ok: true });
    // What stands in the record is the template; the lines come as commands.
    const [line] = await runsIn(org);
    expect(line).toMatchObject({ version_sha256: saved.versionSha256 });
    expect(JSON.stringify(line)).not.toContain('it');
  });

  it('change the version of a runbook when they are declared in another way', async () => {
    const { save } = await atMachine();
    const first = await save();
    const second = await save({
      runbookId: first.runbookId,
      parameters: [{ ...queue, default: 'label' }, ...draft.parameters.slice(1)],
    });
    expect(second.version).toBe(2);
    expect(second.versionSha256).not.toBe(first.versionSha256);
    expect((await save({ runbookId: first.runbookId })).versionSha256).toBe(first.versionSha256);
  });

  it('have no place in a template where they could be code, nor without a declaration', async () => {
    const { console } = await atMachine();
    const own = { ...draft, parameters: [queue] };
    for (const steps of [['echo "{{queue}}"'], ['{{queue}}'], ['true'], ['ls {{queue}} {{other}}']])
      expect(await console.call('runbook.save', { ...own, steps })).toMatchObject({
        error: { code: 'message_invalid' },
      });
    for (const wrong of [{ name: 'A' }, { default: 'X' }, { description: 'a\nb' }])
      expect(
        await console.call('runbook.save', {
          ...draft,
          steps: ['ls {{queue}}'],
          parameters: [{ ...queue, ...wrong }],
        }),
      ).toMatchObject({ error: { code: 'message_invalid' } });
  });
});

describe('a runbook', () => {
  it('runs as it was shown and in no other version, or is not in the record', async () => {
    const { org, console, sessionId, save } = await atMachine();
    const first = await save({ steps: ['true'], parameters: [] });
    const second = await save({ runbookId: first.runbookId, steps: ['reboot'], parameters: [] });
    const run = (saved: Runbook, lines = saved.steps) =>
      console.call('runbook.run', shown(saved, { sessionId, lines }));
    expect(await run(first)).toMatchObject({ error: { code: 'conflict' } });
    expect(await run({ ...second, title: 'Another', versionSha256: first.versionSha256 })).toMatchObject({
      error: { code: 'conflict' },
    });
    for (const lines of [['true'], ['reboot', 'true'], [], ['reboot ']])
      expect(await run(second, lines)).toMatchObject({ error: { code: 'runbook_not_as_shown' } });
    expect(await runsIn(org)).toEqual([]);
    expect(await query(workspaceStub(org), 'SELECT * FROM runbook_steps_expected')).toEqual([]);
    expect(await run(second)).toMatchObject({ ok: true });
    expect(await runsIn(org)).toMatchObject([{ version_sha256: second.versionSha256 }]);
  });

  it('that was saved under older rules is listed still, and judged by those of today when it runs', async () => {
    const { org, console, sessionId, runs, save } = await atMachine();
    const saved = await save({ steps: ['ls {{queue}}'], parameters: [queue] });
    await runs('/bin/bash', 'posix');
    const older = (column: string, value: unknown) =>
      query(workspaceStub(org), `UPDATE runbooks SET ${column} = ?`, JSON.stringify(value));
    const run = (lines: string[]) =>
      console.call('runbook.run', shown(saved, { sessionId, lines, values: { queue: 'main' } }));
    const listed = async () =>
      verbs['runbook.list'].result.parse(await console.result('runbook.list', {})).runbooks;
    await older('steps', ['eval {{queue}}']);
    expect(await run(["eval 'main'"])).toMatchObject({ error: { code: 'runbook_outdated' } });
    await older('steps', ['ls {{queue}} \u202e']);
    expect(await run(["ls 'main' \u202e"])).toMatchObject({ error: { code: 'runbook_outdated' } });
    await older('steps', ['ls {{queue}}']);
    await older('parameters', [{ ...queue, takes: { kind: 'matching', pattern: '(a|b)+' } }]);
    expect(await run(["ls 'main'"])).toMatchObject({ error: { code: 'runbook_outdated' } });
    expect(await listed()).toMatchObject([{ parameters: [{ takes: { pattern: '(a|b)+' } }] }]);
    expect(await runsIn(org)).toEqual([]);
    await older('parameters', [queue]);
    expect(await run(["ls 'main'"])).toMatchObject({ ok: true });
  });

  it('does not run while a command would read its lines', async () => {
    const { org, console, sessionId, runs, says, save } = await atMachine();
    const saved = await save({ steps: ['true'], parameters: [] });
    const run = () => console.call('runbook.run', shown(saved, { sessionId }));
    const commandId = CommandId.parse('cmd_01HZZZZZZZZZZZZZZZZZZZZZZZ');
    await runs('/bin/bash', 'posix');
    says(2, {
      fact: 'command.started',
      commandId,
      line: 'python3',
      cwd: '/',
      trusted: true,
      outputOffsetBytes: 0,
    });
    const events = async () => (await auditOf(org)).map(({ event }) => event);
    await vi.waitFor(async () => expect(await events()).toContain('command.started'));
    expect(await run()).toMatchObject({ error: { code: 'runbook_command_running' } });
    expect(await events()).not.toContain('runbook.run');
    says(3, {
      fact: 'command.finished',
      commandId,
      exitCode: 0,
      durationMs: 5,
      trusted: true,
      outputEndBytes: 0,
    });
    await vi.waitFor(async () => expect(await events()).toContain('command.finished'));
    expect(await run()).toMatchObject({ ok: true });
  });
});

describe('a runbook that cannot be undone', () => {
  it('runs only with the code and the machine as they were typed', async () => {
    const { org, console, sessionId, machineName, save } = await atMachine();
    const saved = await save({ steps: ['true'], parameters: [], irreversible: true });
    const run = (confirmed: string | null) =>
      console.call('runbook.run', shown(saved, { sessionId, confirmed }));
    const { code } = derivedFrame(OrgId.parse(org));
    for (const typed of [
      null,
      '',
      code,
      machineName,
      `${code} ${machineName} `,
      `${code} ${machineName.toLowerCase()}`,
    ])
      expect(await run(typed)).toMatchObject({ error: { code: 'runbook_unconfirmed' } });
    expect(await run(`${code} ${machineName}`)).toMatchObject({ ok: true });
  });
});
