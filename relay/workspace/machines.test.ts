import { describe, expect, it, vi } from 'vitest';
import { verbs } from '#protocol/control/verbs.ts';
import { auditOf, plantMachine, query, workspaceStub } from '../testing/reach.ts';
import { enroll, newCode, newKey, TestAgent } from '../testing/test-agent.ts';
import { TestConsole } from '../testing/test-console.ts';
import { newId, testToken } from '../testing/test-token.ts';
import { MachineId } from '#protocol/ids.ts';
import { EnrollAnswer } from '#protocol/control/enrollment.ts';

async function workspace() {
  const org = newId('org');
  const admin = await TestConsole.enter(await testToken({ org, role: 'admin' }));
  const plant = async (name: string) => MachineId.parse(await plantMachine(org, name, 'host'));
  const found = async (text: string) => {
    const answer = await admin.result('machine.search', { query: text, settled: false, limit: 50 });
    return verbs['machine.search'].result.parse(answer).machines.map(({ name }) => name);
  };
  return { org, admin, plant, found };
}

describe('renaming a machine', () => {
  it('finds it by its new name alone, tells consoles, and says so in the audit', async () => {
    const { org, admin, plant, found } = await workspace();
    const technician = await TestConsole.enter(await testToken({ org }));
    const machineId = await plant('WEST-OLD-01');
    const rename = { machineId, expected: 'WEST-OLD-01', name: '  WEST  FAX\u00a001 ', confirmed: false };
    expect(await technician.call('machine.rename', rename)).toMatchObject({
      error: { code: 'role_insufficient' },
    });
    expect(await admin.result('machine.rename', rename)).toMatchObject({
      renamed: true,
      machine: { machineId, name: 'WEST FAX 01' },
    });
    expect([await found('old'), await found('fax')]).toEqual([[], ['WEST FAX 01']]);
    await vi.waitFor(() =>
      expect(technician.messages.at(-1)).toMatchObject({
        type: 'machines.patch',
        moved: true,
        changed: [{ machineId, name: 'WEST FAX 01' }],
        removed: [],
      }),
    );
    expect(await admin.call('machine.rename', { ...rename, name: 'OTHER' })).toMatchObject({
      error: { code: 'conflict' },
    });
    expect((await auditOf(org)).filter(({ event }) => event === 'machine.renamed')).toMatchObject([
      { machine_id: machineId, before: 'WEST-OLD-01', after: 'WEST FAX 01', confusable_with: [] },
    ]);
  });

  it('takes a second word for a name that could be taken for another', async () => {
    const { org, admin, plant } = await workspace();
    await plant('WEST-PRINT-12');
    const machineId = await plant('WEST-FS-01');
    const ask = (name: string, confirmed = false) =>
      admin.result('machine.rename', { machineId, expected: 'WEST-FS-01', name, confirmed });
    // Cyrillic letters, a figure for a letter, swapped figures, other separators, one slip.
    for (const name of [
      'WEST-РRINT-12',
      'WEST-PR1NT-12',
      'WEST-PRINT-21',
      'west print 012',
      'WEST-PRIT-12',
    ]) {
      expect(await ask(name)).toEqual({ renamed: false, confusableWith: ['WEST-PRINT-12'] });
    }
    expect(await ask('WEST-PRINT-21', true)).toMatchObject({ renamed: true });
    expect((await auditOf(org)).at(-1)).toMatchObject({ confusable_with: ['WEST-PRINT-12'] });
    // The next of a series is no such name.
    expect(
      await admin.result('machine.rename', {
        machineId,
        expected: 'WEST-PRINT-21',
        name: 'WEST-PRINT-13',
        confirmed: false,
      }),
    ).toMatchObject({ renamed: true });
  });
});

describe('names and what a machine says of itself', () => {
  it('refuses names that would not be seen as they are, on every way in', async () => {
    const { admin, plant } = await workspace();
    const machineId = await plant('WEST-FS-01');
    for (const name of [
      'WEST\u200b-FS-02',
      '\u202eWEST',
      'WEST\u001b[31m',
      'WEST\u0000',
      'WEST\nFS',
      '\u2800',
      'Z\u0335\u0336\u0337\u0338ALGO',
      '\ud800',
      '   ',
      'x'.repeat(121),
      'x'.repeat(10_240),
    ]) {
      const answers = await Promise.all([
        admin.call('enrollment.create', { machineName: name }),
        admin.call('machine.rename', { machineId, expected: 'WEST-FS-01', name, confirmed: true }),
      ]);
      expect(answers).toMatchObject([
        { error: { code: 'name_invalid' } },
        { error: { code: 'name_invalid' } },
      ]);
    }
    // Text is text.
    const name = '<img src=x onerror=alert(1)> "Ünïcödé" 日本';
    expect(
      await admin.result('machine.rename', { machineId, expected: 'WEST-FS-01', name, confirmed: true }),
    ).toMatchObject({ machine: { name } });
  });

  it('shows the place of what cannot be seen in a hostname', async () => {
    const { admin } = await workspace();
    const { agent, machineId } = await TestAgent.enrolled(admin);
    agent.close();
    const answer = await enroll(await newCode(admin), (await newKey()).publicKey, {
      hostname: 'a\u202eb\u001b[2Jc\u0000',
    });
    const enrolled = EnrollAnswer.parse(await answer.json());
    expect(enrolled.machineId).not.toBe(machineId);
    expect(await admin.result('machine.get', { machineId: enrolled.machineId })).toMatchObject({
      hostname: 'a\ufffdb\ufffd[2Jc\ufffd',
    });
  });
});

describe('removing a machine', () => {
  it('ends it for everybody: unknown to every verb and its credential, told apart in the audit only', async () => {
    const { org, admin, found } = await workspace();
    const key = await newKey();
    const answer = await enroll(await newCode(admin), key.publicKey);
    const { credential, machineId } = EnrollAnswer.parse(await answer.json());
    const agent = await TestAgent.connect(credential, key.privateKey);
    await agent.until(({ type }) => type === 'welcome');
    const name = 'WEST-PRINT-01';
    expect(await admin.call('machine.remove', { machineId, name: 'west-print-01' })).toMatchObject({
      error: { code: 'conflict' },
    });
    expect(await admin.result('machine.remove', { machineId, name })).toEqual({});
    await vi.waitFor(() => expect(agent.closedBy).toBe('credential_invalid'));
    await vi.waitFor(() =>
      expect(admin.messages.at(-1)).toMatchObject({ type: 'machines.patch', removed: [machineId], total: 0 }),
    );
    const again = await TestAgent.connect(credential, key.privateKey);
    await vi.waitFor(() => expect(again.closedBy).toBe('credential_invalid'));
    expect([await found('print'), await found('')]).toEqual([[], []]);

    const unknown = MachineId.parse('mac_00000000000000000000000000');
    const size = { cols: 80, rows: 24 };
    const asked = async (id: MachineId) => [
      await admin.call('machine.get', { machineId: id }),
      await admin.call('machine.probe', { machineId: id }),
      await admin.call('link.open', { machineId: id, alertId: null }),
      await admin.call('session.open', { machineId: id, size }),
      await admin.call('machine.remove', { machineId: id, name }),
      await admin.call('machine.rename', { machineId: id, expected: name, name: 'X', confirmed: true }),
    ];
    expect(await asked(machineId)).toEqual(await asked(unknown));
    const denied = (await auditOf(org)).filter(({ event }) => event === 'access.denied');
    expect(denied.map(({ refused_code: code }) => code)).toEqual([
      ...Array.from({ length: 6 }, () => 'removed'),
      ...Array.from({ length: 6 }, () => 'not_found'),
    ]);
    expect((await auditOf(org)).find(({ event }) => event === 'machine.removed')).toMatchObject({
      machine_id: machineId,
      name,
      sessions_closed: 0,
    });
    // What the index knew of it is gone as well.
    expect(
      await query(workspaceStub(org), "SELECT rowid FROM machines_text WHERE machines_text MATCH 'print'"),
    ).toEqual([]);
  });
});

describe('the list of machines', () => {
  it('comes in stretches by name with a version, and patches continue it without a gap', async () => {
    const { admin, plant } = await workspace();
    const ids = [await plant('b-2'), await plant('A-1'), await plant('c-3')];
    const list = async (offset: number) =>
      verbs['machine.list'].result.parse(await admin.result('machine.list', { offset, limit: 2 }));
    const [first, second] = [await list(0), await list(2)];
    expect(first.machines.map(({ name }) => name)).toEqual(['A-1', 'b-2']);
    expect(second).toMatchObject({ total: 3, version: first.version, machines: [{ name: 'c-3' }] });
    for (const [at, machineId] of ids.slice(0, 2).entries()) {
      const expected = ['b-2', 'A-1'][at] ?? '';
      await admin.result('machine.rename', {
        machineId,
        expected,
        name: `${expected}${at}xyz`,
        confirmed: true,
      });
    }
    const patches = () => admin.messages.filter((message) => message.type === 'machines.patch');
    await vi.waitFor(() => expect(patches().flatMap(({ changed }) => changed)).toHaveLength(2));
    const { epoch } = first.version;
    let { seq } = first.version;
    for (const patch of patches()) {
      expect(patch.from).toEqual({ epoch, seq });
      ({ seq } = patch);
    }
    expect((await list(0)).version).toEqual({ epoch, seq });
  });
});
