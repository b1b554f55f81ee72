import { describe, expect, it, vi } from 'vitest';
import { EnrollAnswer } from '#protocol/control/enrollment.ts';
import { auditOf, query, workspaceStub } from '../testing/reach.ts';
import { enroll, newCode, newKey, TestAgent } from '../testing/test-agent.ts';
import { TestConsole } from '../testing/test-console.ts';
import { newId, testToken } from '../testing/test-token.ts';

describe('enrollment', () => {
  it('is won by exactly one of many with the same code', async () => {
    const org = newId('org');
    const admin = await TestConsole.enter(await testToken({ org, role: 'admin' }));
    const code = await newCode(admin);
    const { publicKey } = await newKey();
    const answers = await Promise.all(Array.from({ length: 20 }, () => enroll(code, publicKey)));
    expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
    expect(await query(workspaceStub(org), 'SELECT COUNT(*) AS n FROM machines')).toEqual([{ n: 1 }]);
    expect((await enroll(code, publicKey)).status).not.toBe(200);
    expect((await auditOf(org)).map(({ event }) => event)).toEqual([
      'workspace.entered',
      'enrollment.created',
      'enrollment.used',
      'machine.enrolled',
    ]);
  });

  it('refuses altered, old and made-up codes', async () => {
    const org = newId('org');
    const admin = await TestConsole.enter(await testToken({ org, role: 'admin' }));
    const { publicKey } = await newKey();
    const code = await newCode(admin);
    const [prefix, payload = '', mac = ''] = code.split('.');
    const other = payload.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    for (const altered of [
      `${prefix}.${other}.${mac}`,
      `cm1.${payload}.${mac}`,
      `${code}x`,
      'x'.repeat(40),
    ]) {
      expect([401, 429]).toContain((await enroll(altered, publicKey)).status);
    }
    await query(workspaceStub(org), 'UPDATE enrollment_codes SET expires_at = 1');
    expect((await enroll(code, publicKey)).status).toBe(401);
    expect(await query(workspaceStub(org), 'SELECT COUNT(*) AS n FROM machines')).toEqual([{ n: 0 }]);
  });

  it('gives a credential that only the enrolled key can use', async () => {
    const org = newId('org');
    const admin = await TestConsole.enter(await testToken({ org, role: 'admin' }));
    const key = await newKey();
    const answer = await enroll(await newCode(admin), key.publicKey);
    const { credential, machineId } = EnrollAnswer.parse(await answer.json());

    const thief = await TestAgent.connect(credential, (await newKey()).privateKey);
    await vi.waitFor(() => expect(thief.closedBy).toBe('challenge_failed'));
    const forged = await TestAgent.connect(`${credential.slice(0, -2)}xx`, key.privateKey);
    await vi.waitFor(() => expect(forged.closedBy).toBe('credential_invalid'));

    const agent = await TestAgent.connect(credential, key.privateKey);
    expect(await agent.until(({ type }) => type === 'welcome')).toMatchObject({
      machineName: 'WEST-PRINT-01',
    });
    await vi.waitFor(() =>
      expect(admin.messages.at(-1)).toMatchObject({ type: 'machine', machine: { machineId, online: true } }),
    );
    const twin = await TestAgent.connect(credential, key.privateKey);
    await twin.until(({ type }) => type === 'welcome');
    await vi.waitFor(() => expect(agent.closedBy).toBe('credential_superseded'));
    expect((await auditOf(org)).at(-1)).toMatchObject({ event: 'machine.superseded' });
    expect(await admin.result('machine.get', { machineId })).toMatchObject({ online: true });
  });
});
