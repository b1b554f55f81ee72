import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyWebhook } from '@clerk/backend/webhooks';
import type { WebhookEvent } from '@clerk/backend/webhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { signIn } from './sign-in.ts';
import { startIdentity } from './start-identity.ts';
import type { RunningIdentity } from './start-identity.ts';

const primary = 'org_2VxBvWYGxPGdCvksnMITjN4MLzP';
const tessId = 'user_2VshfS2k5k2Tp3KKhbXcZ8jsAwl';
const tess = { identifier: 'tess.okafor@nightops.example', password: 'lantern-Quarry-41' };
const secret = `whsec_${Buffer.from('a webhook secret for one test only').toString('base64')}`;

let stateDir: string;
let receiver: Receiver;
let identity: RunningIdentity | null;

beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'identity-'));
  receiver = await startReceiver();
  identity = null;
});

afterEach(async () => {
  await identity?.close();
  receiver.server.close();
  receiver.server.closeAllConnections();
  rmSync(stateDir, { recursive: true });
});

describe('webhooks', () => {
  it('report each way a session or membership ends, in the form that verifyWebhook accepts', async () => {
    identity = await start();
    const url = identity.url;
    const enter = () => signIn({ url, ...tess, organizationId: primary });

    const revoked = await enter();
    expect((await secretCall('POST', `/v1/sessions/${revoked.sessionId}/revoke`)).status).toBe(200);
    const removed = await enter();
    await removed.signOut();
    const ended = await enter();
    const end = await fetch(`${url}/v1/client/sessions/${ended.sessionId}/end?_is_native=1`, {
      method: 'POST',
      headers: { authorization: ended.clientToken },
    });
    expect(end.status).toBe(200);
    const member = await enter();
    const left = await secretCall('DELETE', `/v1/organizations/${primary}/memberships/${tessId}`);
    expect(left.status).toBe(200);
    await expect(member.getToken()).rejects.toMatchObject({
      code: 'organization_not_found_or_unauthorized',
    });

    await vi.waitFor(() => expect(receiver.events).toHaveLength(4));
    expect(bySubject(receiver.events)).toEqual({
      'session.revoked': revoked.sessionId,
      'session.removed': removed.sessionId,
      'session.ended': ended.sessionId,
      'organizationMembership.deleted': `${primary} ${tessId}`,
    });
    // A second revocation changes nothing and reports nothing.
    await secretCall('POST', `/v1/sessions/${revoked.sessionId}/revoke`);
    const again = await secretCall('DELETE', `/v1/organizations/${primary}/memberships/${tessId}`);
    expect(again.status).toBe(404);
    expect(receiver.events).toHaveLength(4);
  });

  it('are sent again after a refusal, and after a restart of the server', async () => {
    receiver.refuse = 1;
    identity = await start();
    const first = await signIn({ url: identity.url, ...tess, organizationId: primary });
    await first.signOut();
    await vi.waitFor(() => expect(receiver.events).toHaveLength(1), 5000);
    expect(receiver.ids).toEqual([receiver.ids[0], receiver.ids[0]]);

    receiver.refuse = Number.POSITIVE_INFINITY;
    const second = await signIn({ url: identity.url, ...tess, organizationId: primary });
    await second.signOut();
    await vi.waitFor(() => expect(receiver.ids.length).toBeGreaterThan(2));
    await identity.close();
    receiver.refuse = 0;
    identity = await start();
    await vi.waitFor(() => expect(receiver.events).toHaveLength(2), 5000);
    expect(bySubject(receiver.events.slice(1))).toEqual({ 'session.removed': second.sessionId });
  });

  it('need a secret of the right form', async () => {
    const webhook = { url: receiver.url, secret: 'whsec_not base64!' };
    await expect(startIdentity({ port: 0, stateDir, webhook })).rejects.toMatchObject({
      code: 'webhook_invalid',
    });
  });
});

type Receiver = { server: Server; url: string; events: WebhookEvent[]; ids: string[]; refuse: number };

/** Verifies what arrives with the real verifyWebhook and answers 400 where it does not hold. */
async function startReceiver(): Promise<Receiver> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const receiver: Receiver = { server, url: `http://127.0.0.1:${port}/`, events: [], ids: [], refuse: 0 };
  server.on('request', (request, response) => {
    const receive = async (): Promise<number> => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
      receiver.ids.push(String(request.headers['svix-id']));
      if (receiver.refuse > 0) {
        receiver.refuse -= 1;
        return 500;
      }
      const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]);
      const body = Buffer.concat(chunks).toString();
      const forged = new Request(receiver.url, { method: 'POST', headers, body: `${body} ` });
      if (await verifyWebhook(forged, { signingSecret: secret }).catch(() => null)) return 400;
      const arrived = new Request(receiver.url, { method: 'POST', headers, body });
      receiver.events.push(await verifyWebhook(arrived, { signingSecret: secret }));
      return 204;
    };
    void receive()
      .catch(() => 400)
      .then((status) => response.writeHead(status).end());
  });
  return receiver;
}

function bySubject(events: WebhookEvent[]): Record<string, string | undefined> {
  return Object.fromEntries(
    events.map((event) => [
      event.type,
      event.type === 'organizationMembership.deleted'
        ? `${event.data.organization.id} ${event.data.public_user_data.user_id}`
        : event.data.id,
    ]),
  );
}

function start(): Promise<RunningIdentity> {
  return startIdentity({ port: 0, stateDir, webhook: { url: receiver.url, secret } });
}

function secretCall(method: string, path: string): Promise<Response> {
  const headers = { authorization: `Bearer ${identity?.secretKey}` };
  return fetch(`${identity?.url}${path}`, { method, headers });
}
