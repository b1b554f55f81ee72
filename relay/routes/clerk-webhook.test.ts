import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { auditOf } from '../testing/reach.ts';
import { TestConsole, workerFetch } from '../testing/test-console.ts';
import { testConfig } from '../testing/test-env.ts';
import { newId, testToken } from '../testing/test-token.ts';

const ACCESS_REVOKED = 4416;
const SIGN_IN_SPENT = 4410;

async function deliver(
  type: string,
  data: unknown,
  secret = testConfig().clerk.webhookSecret,
): Promise<number> {
  const body = JSON.stringify({ type, object: 'event', data });
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

  it('do nothing without the right signature, or for other events', async () => {
    const [org, sid] = [newId('org'), newId('sess')];
    const console = await TestConsole.enter(await testToken({ org, sid }));
    const foreign = `whsec_${btoa('another secret altogether')}`;
    expect(await deliver('session.revoked', { id: sid }, foreign)).toBe(400);
    expect(await deliver('user.updated', { id: sid })).toBe(204);
    expect(await deliver('session.revoked', { id: '../x' })).toBe(204);
    expect(await console.call('runbook.list', {})).toMatchObject({ ok: true });
  });
});
