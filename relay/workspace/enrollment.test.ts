import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { challengeText } from '#protocol/control/agent-to-workspace.ts';
import { EnrollAnswer } from '#protocol/control/enrollment.ts';
import { errorOfCloseCode } from '#protocol/errors.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { toBase64url } from '../auth/base64url.ts';
import { auditOf, query, workspaceStub } from '../testing/reach.ts';
import { TestConsole, workerFetch } from '../testing/test-console.ts';
import { newId, testToken } from '../testing/test-token.ts';

const facts = { hostname: 'west-print-01', os: 'Linux', user: 'root', agentVersion: '0' };
const Code = z.object({ code: z.string() });

async function newKey() {
  const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new Error('no key pair');
  const raw = await crypto.subtle.exportKey('raw', pair.publicKey);
  if (!(raw instanceof ArrayBuffer)) throw new Error('no raw key');
  return { privateKey: pair.privateKey, publicKey: toBase64url(new Uint8Array(raw)) };
}

const enroll = (code: string, publicKey: string) =>
  workerFetch('/v1/enroll', { method: 'POST', body: JSON.stringify({ code, publicKey, facts }) });

async function newCode(console: TestConsole): Promise<string> {
  return Code.parse(await console.result('enrollment.create', { machineName: 'WEST-PRINT-01' })).code;
}

async function connectAgent(credential: string, key: CryptoKey) {
  const response = await workerFetch('/v1/agent', {
    headers: { Upgrade: 'websocket', Authorization: `Machine ${credential}` },
  });
  const socket = response.webSocket;
  if (socket === null) throw new Error('no socket');
  const seen: { type: string }[] = [];
  const state: { closed: string | null } = { closed: null };
  const prove = async (nonce: string): Promise<void> => {
    const text = new TextEncoder().encode(challengeText(nonce));
    const signature = toBase64url(new Uint8Array(await crypto.subtle.sign({ name: 'Ed25519' }, key, text)));
    socket.send(
      JSON.stringify({ type: 'hello', protocolVersion: PROTOCOL_VERSION, signature, facts, sessions: [] }),
    );
  };
  socket.addEventListener('message', ({ data }) => {
    const message = z.looseObject({ type: z.string() }).parse(JSON.parse(String(data)));
    seen.push(message);
    if (message.type === 'challenge') void prove(String(message['nonce']));
  });
  socket.addEventListener('close', ({ code }) => {
    state.closed = errorOfCloseCode(code) ?? String(code);
  });
  socket.accept();
  return { seen, state };
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

    const thief = await connectAgent(credential, (await newKey()).privateKey);
    await vi.waitFor(() => expect(thief.state.closed).toBe('challenge_failed'));
    const forged = await connectAgent(`${credential.slice(0, -2)}xx`, key.privateKey);
    await vi.waitFor(() => expect(forged.state.closed).toBe('credential_invalid'));

    const agent = await connectAgent(credential, key.privateKey);
    await vi.waitFor(() =>
      expect(agent.seen.at(-1)).toMatchObject({ type: 'welcome', machineName: 'WEST-PRINT-01' }),
    );
    await vi.waitFor(() =>
      expect(admin.messages.at(-1)).toMatchObject({ type: 'machine', machine: { machineId, online: true } }),
    );
    const twin = await connectAgent(credential, key.privateKey);
    await vi.waitFor(() => expect(agent.state.closed).toBe('credential_superseded'));
    await vi.waitFor(() => expect(twin.seen.at(-1)).toMatchObject({ type: 'welcome' }));
    expect((await auditOf(org)).at(-1)).toMatchObject({ event: 'machine.superseded' });
    expect(await admin.result('machine.get', { machineId })).toMatchObject({ online: true });
  });
});
