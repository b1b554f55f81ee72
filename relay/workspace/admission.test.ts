import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it, vi } from 'vitest';
import { errors } from '#protocol/errors.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { verifyClerkToken } from '../auth/clerk-token.ts';
import { auditOf, query, workspaceStub } from '../testing/reach.ts';
import { TestConsole, workerFetch } from '../testing/test-console.ts';
import { testConfig } from '../testing/test-env.ts';
import { newId, testToken } from '../testing/test-token.ts';
import type { Workspace } from './workspace.ts';

const refused = async (console: TestConsole) => {
  const code = await console.closed();
  return Object.entries(errors).find(([, row]) => row.closeCode === code)?.[0];
};

describe('admission to a workspace', () => {
  it('lets a fresh sign-in enter, and its reconnects join without one', async () => {
    const [org, sid, userId] = [newId('org'), newId('sess'), newId('user')];
    const first = await TestConsole.enter(await testToken({ org, sid, userId, fva: [2, -1] }));
    const later = await TestConsole.connect(await testToken({ org, sid, userId, fva: [40, -1] }));
    expect(await later.enter()).toMatchObject({ ok: true, result: { resumed: true, role: 'technician' } });
    expect(await refused(first)).toBe('entry_replaced');
    // Killed, an object still knows who is in.
    await evictDurableObject(workspaceStub(org), { webSockets: 'close' });
    const again = await TestConsole.connect(await testToken({ org, sid, userId, fva: [41, -1] }));
    expect(await again.enter()).toMatchObject({ ok: true, result: { resumed: true } });
    const events = (await auditOf(org)).map(({ event }) => event);
    expect(events).toEqual(['workspace.entered']);
  });

  it('records a stay that goes on elsewhere, and tells what follows of that device', async () => {
    const person = { org: newId('org'), sid: newId('sess'), userId: newId('user'), role: 'admin' };
    await TestConsole.enter(await testToken(person));
    const elsewhere = await TestConsole.connect(await testToken(person));
    const device = { installId: 'another', appVersion: '0', windowId: 'window' };
    const entering = { protocolVersion: PROTOCOL_VERSION, via: 'launcher', device } as const;
    for (let time = 0; time < 2; time += 1) await elsewhere.result('workspace.enter', entering);
    await elsewhere.result('enrollment.create', { machineName: 'WEST-PRINT-02' });
    expect(await auditOf(person.org)).toMatchObject([
      { event: 'workspace.entered', via: 'launcher', device: { install_id: 'install' } },
      { event: 'workspace.entered', via: 'reconnect', device: { install_id: 'another' } },
      { event: 'enrollment.created', device: { install_id: 'another' } },
    ]);
  });

  it('refuses an old sign-in and one without a first factor, and records it', async () => {
    const org = newId('org');
    for (const fva of [
      [3, -1],
      [-1, -1],
    ] as const) {
      const console = await TestConsole.connect(await testToken({ org, fva }));
      expect(await console.enter()).toMatchObject({ ok: false, error: { code: 'sign_in_not_fresh' } });
      expect(await refused(console)).toBe('sign_in_not_fresh');
    }
    expect(await auditOf(org)).toMatchObject([
      {
        event: 'access.denied',
        outcome: 'refused',
        verb: 'workspace.enter',
        refused_code: 'sign_in_not_fresh',
      },
      { event: 'access.denied' },
    ]);
  });

  it('refuses the sign-in of one client for another, and tells only the client whose token it was', async () => {
    const [sid, userId, westside, primary] = [newId('sess'), newId('user'), newId('org'), newId('org')];
    const inWestside = await TestConsole.enter(await testToken({ org: westside, sid, userId }));
    const console = await TestConsole.connect(await testToken({ org: primary, sid, userId }));
    expect(await refused(console)).toBe('sign_in_bound_elsewhere');
    expect(console.messages).toMatchObject([{ type: 'closing', error: { code: 'sign_in_bound_elsewhere' } }]);
    expect(await auditOf(primary)).toMatchObject([
      { event: 'access.denied', refused_code: 'sign_in_bound_elsewhere' },
    ]);
    expect((await auditOf(westside)).map(({ event }) => event)).toEqual(['workspace.entered']);
    expect(JSON.stringify(await auditOf(westside))).not.toContain(primary);
    expect(await inWestside.call('runbook.list', {})).toMatchObject({ ok: true });
  });

  it.each(['locked', 'switched', 'closed', 'signed_out'] as const)(
    'never lets a sign-in back that %s',
    async (reason) => {
      const [org, sid, userId] = [newId('org'), newId('sess'), newId('user')];
      const console = await TestConsole.enter(await testToken({ org, sid, userId }));
      await console.result('workspace.leave', { reason });
      expect(await console.closed()).toBe(1000);
      await vi.waitFor(async () => {
        const again = await TestConsole.connect(await testToken({ org, sid, userId }));
        expect(await refused(again)).toBe('sign_in_spent');
      });
    },
  );

  it('never lets the sign-in of an ended entry enter, even before that sign-in is known to be spent', async () => {
    const [org, sid, userId] = [newId('org'), newId('sess'), newId('user')];
    await TestConsole.enter(await testToken({ org, sid, userId }));
    await query(workspaceStub(org), "UPDATE entries SET ended_at = 1, end_reason = 'locked'");
    const again = await TestConsole.connect(await testToken({ org, sid, userId }));
    expect(await again.enter()).toMatchObject({ ok: false, error: { code: 'entry_ended' } });
  });

  it('answers nothing before an entry, and nothing that the role does not allow', async () => {
    const org = newId('org');
    const console = await TestConsole.connect(await testToken({ org, role: 'reviewer' }));
    const machineId = 'mac_00000000000000000000000000' as never;
    expect(await console.call('machine.get', { machineId })).toMatchObject({
      error: { code: 'entry_required' },
    });
    await console.enter();
    const size = { cols: 80, rows: 24 };
    expect(await console.call('session.open', { machineId, size })).toMatchObject({
      error: { code: 'role_insufficient' },
    });
    expect(await console.call('machine.get', { machineId })).toMatchObject({ error: { code: 'not_found' } });
    expect((await auditOf(org)).slice(1)).toMatchObject([
      { event: 'access.denied', verb: 'session.open', refused_code: 'role_insufficient' },
      { event: 'access.denied', verb: 'machine.get', refused_code: 'not_found' },
    ]);
  });

  it('takes the organization from the token alone', async () => {
    const [org, other] = [newId('org'), newId('org')];
    const token = await testToken({ org });
    const admission = encodeURIComponent(JSON.stringify({ kind: 'console', person: { org: other } }));
    const response = await workerFetch(`/v1/workspace?org=${other}&organization_id=${other}`, {
      headers: {
        Upgrade: 'websocket',
        Authorization: `Bearer ${token}`,
        'x-caisey-admission': admission,
        'x-org': other,
      },
    });
    response.webSocket?.accept();
    expect(response.status).toBe(101);
    expect(await query(workspaceStub(org), 'SELECT org_id FROM home')).toEqual([{ org_id: org }]);
    expect(await query(workspaceStub(other), 'SELECT org_id FROM home')).toEqual([]);
  });

  it('asks for a new token before the old one ends, and closes without or with another person’s', async () => {
    const [org, sid, userId] = [newId('org'), newId('sess'), newId('user')];
    const console = await TestConsole.enter(await testToken({ org, sid, userId, lifetimeSeconds: 15 }));
    await vi.waitFor(
      () => expect(console.messages).toContainEqual(expect.objectContaining({ type: 'challenge' })),
      5000,
    );
    console.send(
      JSON.stringify({ type: 'token', token: await testToken({ org, sid, userId, fva: [9, -1] }) }),
    );
    expect(await console.call('runbook.list', {})).toMatchObject({ ok: true });
    console.send(JSON.stringify({ type: 'token', token: await testToken({ org, sid }) }));
    expect(await refused(console)).toBe('token_invalid');
  });

  it('closes on garbage with a code, and leaves others alone', async () => {
    const org = newId('org');
    const bystander = await TestConsole.enter(await testToken({ org }));
    const garbage: [string | Uint8Array, string][] = [
      ['{"type":"request"', 'message_invalid'],
      ['{"type":"request","id":1,"verb":"machine.drop","params":{}}', 'message_invalid'],
      [new Uint8Array(8), 'message_invalid'],
      ['x'.repeat(300_000), 'message_too_large'],
    ];
    for (const [data, code] of garbage) {
      const console = await TestConsole.enter(await testToken({ org }));
      console.send(data);
      expect(await refused(console)).toBe(code);
    }
    expect(await bystander.call('runbook.list', {})).toMatchObject({ ok: true });
  });
});

describe('a Workspace object', () => {
  it('refuses every organization but its own, whatever name it is reached under', async () => {
    const [own, foreign] = [newId('org'), newId('org')];
    await TestConsole.enter(await testToken({ org: own }));
    const verified = await verifyClerkToken(await testToken({ org: foreign }), testConfig().clerk);
    if (!verified.ok) throw new Error(verified.code);
    const outcome = await runInDurableObject<Workspace, string>(workspaceStub(own), (workspace) =>
      workspace.recordDenied(verified.person, null, 'x', 'not_found').then(
        () => 'accepted',
        (error: unknown) => String(error),
      ),
    );
    expect(outcome).toContain('another organization');
    expect((await auditOf(own)).map(({ event }) => event)).toEqual(['workspace.entered']);
  });
});
