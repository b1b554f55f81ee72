import { Webhook } from 'standardwebhooks';
import { describe, expect, it, vi } from 'vitest';
import { errors } from '#protocol/errors.ts';
import { openSession, size } from '../testing/open-session.ts';
import { auditOf } from '../testing/reach.ts';
import { TestAgent } from '../testing/test-agent.ts';
import { TestConsole, workerFetch } from '../testing/test-console.ts';
import { testConfig } from '../testing/test-env.ts';
import { newId, testToken } from '../testing/test-token.ts';

const ACCESS_REVOKED = 4416;
const SIGN_IN_SPENT = 4410;

async function deliver(
  type: string,
  data: unknown,
  { secret = testConfig().clerk.webhookSecret, at = Date.now() + 1000 } = {},
): Promise<number> {
  const body = JSON.stringify({ type, object: 'event', data, timestamp: at });
  const id = newId('org').replace('org_', 'msg_');
  const now = new Date();
  const headers = {
    'svix-id': id,
    'svix-timestamp': String(Math.floor(now.getTime() / 1000)),
    'svix-signature': new Webhook(secret).sign(id, now, body),
  };
  return (await workerFetch('/v1/webhooks/clerk', { method: 'POST', headers, body })).status;
}

describe('webhooks of the identity service', () => {
  it.each(['session.revoked', 'session.removed', 'session.ended'])(
    'close what %s opened, at once and for good',
    async (type) => {
      const [org, sid, userId] = [newId('org'), newId('sess'), newId('user')];
      const console = await TestConsole.enter(await testToken({ org, sid, userId }));
      expect(await deliver(type, { id: sid, user_id: userId, status: 'revoked' })).toBe(204);
      expect(await console.closed()).toBe(ACCESS_REVOKED);
      const again = await TestConsole.connect(await testToken({ org, sid, userId }));
      expect(await again.closed()).toBe(SIGN_IN_SPENT);
      const events = (await auditOf(org)).map(({ event }) => event);
      expect(events.slice(0, 3)).toEqual(['workspace.entered', 'workspace.locked', 'access.revoked']);
    },
  );

  it('end a member’s entries in that organization only', async () => {
    const userId = newId('user');
    const [left, kept] = [newId('org'), newId('org')];
    const inLeft = await TestConsole.enter(await testToken({ org: left, userId }));
    const inKept = await TestConsole.enter(await testToken({ org: kept, userId }));
    const colleague = await TestConsole.enter(await testToken({ org: left }));
    await deliver('organizationMembership.deleted', {
      organization: { id: left },
      public_user_data: { user_id: userId },
    });
    expect(await inLeft.closed()).toBe(ACCESS_REVOKED);
    expect(await inKept.call('runbook.list', {})).toMatchObject({ ok: true });
    expect(await colleague.call('runbook.list', {})).toMatchObject({ ok: true });
  });

  it('refuse tokens that were issued before a membership ended, and let in who is a member again', async () => {
    const [org, userId] = [newId('org'), newId('user')];
    const seconds = Math.floor(Date.now() / 1000);
    const left = { organization: { id: org }, public_user_data: { user_id: userId } };
    // Issued in time, and of a sign-in that the relay has never seen.
    const token = await testToken({ org, userId, claims: { iat: seconds - 2 } });
    await deliver('organizationMembership.deleted', left, { at: (seconds - 1) * 1000 });
    expect(await (await TestConsole.connect(token)).closed()).toBe(ACCESS_REVOKED);
    const again = await TestConsole.enter(await testToken({ org, userId }));
    // Delivered once more, late: it is not about this stay.
    await deliver('organizationMembership.deleted', left, { at: (seconds - 1) * 1000 });
    expect(await again.call('runbook.list', {})).toMatchObject({ ok: true });
  });

  it('give a member’s open consoles another role at once, in that organization only', async () => {
    const [org, other, userId] = [newId('org'), newId('org'), newId('user')];
    const [sid, kept] = [newId('sess'), newId('sess')];
    const iat = Math.floor(Date.now() / 1000) - 3;
    const before = await testToken({ org, userId, sid, role: 'admin', claims: { iat } });
    const console = await TestConsole.enter(before);
    const elsewhere = await TestConsole.enter(
      await testToken({ org: other, userId, sid: kept, role: 'admin', claims: { iat } }),
    );
    const colleague = await TestConsole.enter(await testToken({ org, role: 'admin', claims: { iat } }));
    const news = { organization: { id: org }, public_user_data: { user_id: userId }, role: 'org:reviewer' };
    await deliver('organizationMembership.updated', news, { at: (iat + 1) * 1000 });
    expect(await console.closed()).toBe(errors.role_changed.closeCode);
    expect(await (await TestConsole.connect(before)).closed()).toBe(errors.role_changed.closeCode);
    const again = await TestConsole.connect(await testToken({ org, userId, sid, role: 'reviewer' }));
    expect(await again.enter()).toMatchObject({ ok: true, result: { role: 'reviewer', resumed: true } });
    await deliver('organizationMembership.updated', news, { at: (iat + 1) * 1000 });
    expect(await again.call('runbook.list', {})).toMatchObject({ ok: true });
    for (const console of [elsewhere, colleague]) {
      expect(await console.call('enrollment.list', {})).toMatchObject({ ok: true });
    }
    const changes = (await auditOf(org)).filter(({ event }) => event === 'access.role_changed');
    expect(changes).toMatchObject([{ before: 'admin', after: 'reviewer', by: 'webhook' }]);

    // A role that opens no workspace ends the stay.
    await deliver('organizationMembership.updated', { ...news, role: 'org:accountant' });
    expect(await again.closed()).toBe(ACCESS_REVOKED);
  });

  it('take the role away also from a session that is about to be opened', async () => {
    const [org, userId] = [newId('org'), newId('user')];
    const admin = await TestConsole.enter(await testToken({ org, role: 'admin' }));
    const { agent, machineId } = await TestAgent.enrolled(admin);
    agent.answersPings = false;
    const iat = Math.floor(Date.now() / 1000) - 2;
    const technician = await TestConsole.enter(await testToken({ org, userId, claims: { iat } }));
    const request = { type: 'request', id: 99, verb: 'session.open', params: { machineId, size } };
    technician.send(JSON.stringify(request));
    const ping = await agent.until(({ type }) => type === 'ping');
    const news = { organization: { id: org }, public_user_data: { user_id: userId }, role: 'org:reviewer' };
    await deliver('organizationMembership.updated', news, { at: Date.now() });
    agent.send({ type: 'pong', probeId: ping.type === 'ping' ? ping.probeId : '' });
    await vi.waitFor(async () =>
      expect(await auditOf(org)).toContainEqual(
        expect.objectContaining({ verb: 'session.open', refused_code: 'role_insufficient' }),
      ),
    );
    expect(agent.messages.some(({ type }) => type === 'session.open')).toBe(false);
  });

  it.each([
    ['user.deleted', { deleted: true }],
    ['user.updated', { banned: true }],
  ])('end all that a person has anywhere with %s', async (type, more) => {
    const userId = newId('user');
    const iat = Math.floor(Date.now() / 1000) - 3;
    const at = (iat + 1) * 1000;
    const consoles = await Promise.all(
      [newId('org'), newId('org')].map(async (org) =>
        TestConsole.enter(await testToken({ org, userId, claims: { iat } })),
      ),
    );
    const colleague = await TestConsole.enter(await testToken({}));
    expect(await deliver(type, { id: userId, ...more }, { at })).toBe(204);
    for (const console of consoles) expect(await console.closed()).toBe(ACCESS_REVOKED);
    // Of a sign-in that was not seen before.
    const late = await TestConsole.connect(await testToken({ userId, claims: { iat } }));
    expect(await late.closed()).toBe(ACCESS_REVOKED);
    expect(await colleague.call('runbook.list', {})).toMatchObject({ ok: true });
    // Allowed again since.
    await TestConsole.enter(await testToken({ userId }));
  });

  it.each(['organizationMembership.deleted', 'user.deleted', 'organization.deleted'])(
    'end with %s what a locked stay left running, and not with the sign-in of that stay',
    async (type) => {
      const { org, person, console, ticket, plug } = await openSession();
      const agent = await plug(ticket);
      await agent.message('welcome');
      await console.result('workspace.leave', { reason: 'locked' });
      expect(await deliver('session.ended', { id: person.sid })).toBe(204);
      expect(agent.messages.some((message) => message.type === 'close')).toBe(false);
      const membership = { organization: { id: org }, public_user_data: { user_id: person.userId } };
      const id = type === 'user.deleted' ? person.userId : org;
      expect(await deliver(type, { id, ...membership })).toBe(204);
      await agent.message('close');
    },
  );

  it('end everybody’s stay with the organization', async () => {
    const [org, other] = [newId('org'), newId('org')];
    const iat = Math.floor(Date.now() / 1000) - 3;
    const [one, two] = await Promise.all(
      [org, org].map(async (id) => TestConsole.enter(await testToken({ org: id, claims: { iat } }))),
    );
    const elsewhere = await TestConsole.enter(await testToken({ org: other, claims: { iat } }));
    await deliver('organization.deleted', { id: org, deleted: true });
    expect(await one?.closed()).toBe(ACCESS_REVOKED);
    expect(await two?.closed()).toBe(ACCESS_REVOKED);
    expect(await elsewhere.call('runbook.list', {})).toMatchObject({ ok: true });
  });

  it('do nothing without the right signature, or for other events', async () => {
    const [org, sid] = [newId('org'), newId('sess')];
    const console = await TestConsole.enter(await testToken({ org, sid }));
    const foreign = `whsec_${btoa('another secret altogether')}`;
    expect(await deliver('session.revoked', { id: sid }, { secret: foreign })).toBe(400);
    expect(await deliver('user.updated', { id: sid })).toBe(204);
    expect(await deliver('user.updated', { id: newId('user'), banned: false })).toBe(204);
    expect(await deliver('session.revoked', { id: '../x' })).toBe(204);
    expect(await console.call('runbook.list', {})).toMatchObject({ ok: true });
  });
});
