import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { EnrollAnswer, NewEnrollment } from '#protocol/control/enrollment.ts';
import { auditOf, query, ringEverything, workspaceStub } from '../testing/reach.ts';
import { enroll, newCode, newKey, TestAgent } from '../testing/test-agent.ts';
import { TestConsole } from '../testing/test-console.ts';
import { newId, testToken } from '../testing/test-token.ts';

const Listed = z.object({ open: z.array(z.object({ enrollmentId: z.string() })) });

async function openCodes(admin: TestConsole): Promise<string[]> {
  const { open } = Listed.parse(await admin.result('enrollment.list', {}));
  return open.map(({ enrollmentId }) => enrollmentId);
}

async function makeCode(admin: TestConsole): Promise<NewEnrollment> {
  return NewEnrollment.parse(await admin.result('enrollment.create', { machineName: 'WEST-PRINT-01' }));
}

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
      // All that came too late, in one line.
      'enrollment.refused',
    ]);
  });

  it('lists open codes, and ends them by rotation, revocation and time', async () => {
    const org = newId('org');
    const admin = await TestConsole.enter(await testToken({ org, role: 'admin' }));
    const rotated = await makeCode(admin);
    const revoked = await makeCode(admin);
    const kept = await makeCode(admin);
    const next = NewEnrollment.parse(await admin.result('enrollment.rotate', rotated));
    await admin.result('enrollment.revoke', revoked);
    expect(await openCodes(admin)).toEqual([next.enrollmentId, kept.enrollmentId]);

    const stranger = await TestConsole.enter(await testToken({ role: 'admin' }));
    for (const verb of ['enrollment.rotate', 'enrollment.revoke'] as const) {
      expect(await admin.call(verb, rotated)).toMatchObject({ error: { code: 'conflict' } });
      expect(await stranger.call(verb, kept)).toMatchObject({ error: { code: 'not_found' } });
      const technician = await TestConsole.enter(await testToken({ org }));
      expect(await technician.call(verb, kept)).toMatchObject({ error: { code: 'role_insufficient' } });
    }

    const [{ publicKey }, other] = [await newKey(), await newKey()];
    expect((await enroll(next.code, publicKey)).status).toBe(200);
    const again = await enroll(kept.code, publicKey);
    expect([again.status, await again.json()]).toMatchObject([409, { error: { code: 'machine_key_known' } }]);
    expect(await openCodes(admin)).toEqual([kept.enrollmentId]);
    await query(
      workspaceStub(org),
      'UPDATE enrollment_codes SET expires_at = ? WHERE ended_as IS NULL',
      Date.now(),
    );
    await ringEverything(workspaceStub(org));
    expect(await openCodes(admin)).toEqual([]);

    const gone = await makeCode(admin);
    await query(workspaceStub(org), 'DELETE FROM enrollment_codes WHERE code_id = ?', gone.enrollmentId);
    const answers: unknown[] = [];
    for (const { code } of [rotated, revoked, next, kept, gone, { code: `${kept.code}x` }]) {
      const answer = await enroll(code, other.publicKey);
      answers.push([answer.status, [...answer.headers], await answer.text()]);
    }
    expect(answers).toEqual(Array.from(answers, () => answers[0]));
    const lines = await auditOf(org);
    const ofCodes = lines.filter(({ event }) => /^enrollment\.(?!created|used)/.test(event));
    expect(ofCodes.map(({ event, why }) => (why === undefined ? event : [event, why]))).toEqual([
      'enrollment.rotated',
      'enrollment.revoked',
      'enrollment.expired',
      ['enrollment.refused', 'rotated'],
      ['enrollment.refused', 'revoked'],
      ['enrollment.refused', 'used'],
      ['enrollment.refused', 'expired'],
      ['enrollment.refused', 'unknown'],
    ]);
  });

  it('lets real codes through while others are guessed and dead ones are tried', async () => {
    const org = newId('org');
    const admin = await TestConsole.enter(await testToken({ org, role: 'admin' }));
    const dead = await makeCode(admin);
    const open = await makeCode(admin);
    await admin.result('enrollment.revoke', dead);
    const { publicKey } = await newKey();
    const statuses: number[] = [];
    for (let i = 0; i < 40; i += 1) {
      statuses.push((await enroll(dead.code, publicKey)).status);
      statuses.push((await enroll(`ce1.${'A'.repeat(40 + i)}.${'A'.repeat(43)}`, publicKey)).status);
    }
    expect(statuses.slice(-2)).toEqual([429, 429]);
    expect((await enroll(open.code, publicKey)).status).toBe(200);
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
    expect(await admin.result('machine.get', { machineId })).toMatchObject({ online: true });
  });
});
