import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeFrame, FrameKind } from '#protocol/frame/frame.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { loadSigningKey } from '../../local/identity/signing-key.ts';
import { signToken, tokenCategory } from '../../local/identity/tokens.ts';
import { people } from '../harness/people.ts';
import { startTestSystem } from '../harness/test-system.ts';
import type { TestSystem } from '../harness/test-system.ts';
import { waitFor } from '../harness/wait-for.ts';
import { ENTER, HostilePeer } from './hostile-peer.ts';

const SIZE = { cols: 80, rows: 24 };
/** Thousands of messages take their time where other work runs beside. */
const BUSY_MACHINE_MS = 45_000;
const UNKNOWN_MACHINE = 'mac_01HZZZZZZZZZZZZZZZZZZZZZZZ';
const UNKNOWN_SESSION = 'ses_01HZZZZZZZZZZZZZZZZZZZZZZZ';

interface Bearer {
  readonly sub: string;
  readonly sid: string;
  readonly role: 'technician' | 'reviewer' | 'admin';
  readonly org: string;
  readonly age?: number;
}

// A console of our own making, with real tokens of real people, against the real relay.
describe('a hostile console', () => {
  let system: TestSystem;
  let key: ReturnType<typeof loadSigningKey>;
  const peers: HostilePeer[] = [];

  beforeAll(async () => {
    system = await startTestSystem({
      preferredPort: 48_900,
      relayBindings: { ATTEMPT_TIMEOUT_MS: '1500' },
    });
    key = loadSigningKey(join(system.stateDir, 'identity'));
  }, 60_000);
  afterAll(async () => {
    for (const peer of peers) peer.end();
    await system?.dispose();
  });

  const workspaceOf = (name: string) => {
    const found = system.workspaces.find(({ frame }) => frame.name === name);
    if (found === undefined) throw new Error(`no workspace ${name}`);
    return found;
  };
  const westside = () => workspaceOf('DentalCare_Westside');
  const primary = () => workspaceOf('DentalCare_Primary');
  const machineOf = (workspace: ReturnType<typeof westside>): string => {
    const [machine] = workspace.machines;
    if (machine === undefined) throw new Error('no machine');
    return machine.machineId;
  };

  const newSid = () => `sess_${randomBytes(12).toString('hex')}`;
  const as = (role: Bearer['role'], org: string, over: Partial<Bearer> = {}): Bearer => ({
    sub: people[role].userId,
    sid: newSid(),
    role,
    org,
    ...over,
  });
  /** What Clerk would sign for this person. */
  const token = ({ sub, sid, role, org, age = 0 }: Bearer): string => {
    const seconds = Math.floor(Date.now() / 1000);
    return signToken(
      key,
      {
        v: 2,
        iss: system.identity.url,
        sub,
        sid,
        jti: randomBytes(8).toString('hex'),
        iat: seconds,
        nbf: seconds - 10,
        exp: seconds + 60,
        sts: 'active',
        fva: [age, -1],
        o: { id: org, rol: role, slg: 'x' },
      },
      { cat: tokenCategory.session },
    );
  };
  const dial = async (path: string, headers: Readonly<Record<string, string>>) => {
    const peer = await HostilePeer.dial(`${system.relayUrl}${path}`, headers);
    peers.push(peer);
    return peer;
  };
  const connect = (bearer: Bearer, headers: Readonly<Record<string, string>> = {}) =>
    dial('/v1/workspace', { Authorization: `Bearer ${token(bearer)}`, ...headers });
  const enter = async (bearer: Bearer, headers: Readonly<Record<string, string>> = {}) => {
    const peer = await connect(bearer, headers);
    await peer.must('workspace.enter', ENTER);
    return peer;
  };
  const terminal = (bearer: Bearer, machineId: string, sessionId: string) =>
    dial(`/v1/terminals/${machineId}/${sessionId}`, { Authorization: `Bearer ${token(bearer)}` });
  const attach = async (bearer: Bearer, machineId: string, sessionId: string) => {
    const peer = await terminal(bearer, machineId, sessionId);
    peer.send({ type: 'hello', protocolVersion: PROTOCOL_VERSION, outputOffsetBytes: 0, size: SIZE });
    await waitFor('ready', () => (peer.isClosed ? null : peer.messages.length > 0));
    return peer;
  };
  const opened = async (peer: HostilePeer, machineId: string): Promise<string> =>
    String((await peer.must('session.open', { machineId, size: SIZE }))['sessionId']);
  const auditOf = async (org: string): Promise<Readonly<Record<string, unknown>>[]> => {
    const reviewer = await enter(as('reviewer', org));
    const { lines } = await reviewer.must('audit.list', { afterSeq: 0, limit: 500 });
    await reviewer.must('workspace.leave', { reason: 'closed' });
    return (lines as string[]).map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it('races one sign-in into two organizations, and exactly one lets it in', async () => {
    for (let round = 0; round < 4; round += 1) {
      const sid = newSid();
      const bearers = [
        as('technician', westside().orgId, { sid }),
        as('technician', primary().orgId, { sid }),
      ];
      const dialled = await Promise.all(
        bearers.flatMap((bearer) => [connect(bearer), connect(bearer), connect(bearer)]),
      );
      const answers = await Promise.all(
        dialled.map((peer) => peer.call('workspace.enter', ENTER).catch(() => peer.refusal())),
      );
      const isIn = (from: number) =>
        answers.slice(from, from + 3).some((one) => typeof one === 'object' && one.ok);
      expect([isIn(0), isIn(3)].filter(Boolean)).toHaveLength(1);
      const loser = isIn(0) ? answers.slice(3) : answers.slice(0, 3);
      expect(loser).toEqual(Array.from({ length: 3 }, () => 'sign_in_bound_elsewhere'));
    }
  });

  it('names another organization in headers, query and parameters, and stays where its token says', async () => {
    const other = primary().orgId;
    const admission = JSON.stringify({ kind: 'console', person: { org: other }, ip: null });
    const bearer = as('technician', westside().orgId);
    const peer = await dial(`/v1/workspace?organization_id=${other}&org=${other}`, {
      Authorization: `Bearer ${token(bearer)}`,
      'X-Caisey-Admission': encodeURIComponent(admission),
      'X-Organization-Id': other,
      'X-Forwarded-Host': other,
      Cookie: `__session=${token({ ...bearer, org: other })}`,
    });
    const entered = await peer.must('workspace.enter', { ...ENTER, organizationId: other, org: other });
    expect(entered['frame']).toMatchObject({ name: 'DentalCare_Westside' });
    const found = await peer.must('machine.search', {
      query: 'PRIM',
      settled: true,
      limit: 10,
      organizationId: other,
    });
    expect(found).toMatchObject({ total: 0, machines: [] });
  });

  it('cannot write its own address into the audit', async () => {
    const bearer = as('technician', westside().orgId);
    const peer = await enter(bearer, {
      'CF-Connecting-IP': '203.0.113.7',
      'X-Forwarded-For': '203.0.113.7',
      'X-Real-IP': '203.0.113.7',
    });
    await peer.must('workspace.leave', { reason: 'closed' });
    expect(JSON.stringify(await auditOf(westside().orgId))).not.toContain('203.0.113.7');
  });

  it('asks before it entered, beyond its role, and for what is another client’s', async () => {
    const early = await connect(as('admin', westside().orgId));
    for (const [verb, params] of [
      ['machine.search', { query: '', settled: false, limit: 1 }],
      ['audit.list', { afterSeq: 0, limit: 1 }],
      ['enrollment.create', { machineName: 'x' }],
      ['workspace.leave', { reason: 'locked' }],
    ] as const) {
      expect(await early.call(verb, params)).toMatchObject({ error: { code: 'entry_required' } });
    }

    const technician = await enter(as('technician', westside().orgId));
    const frame = { colour: 'teal', glyph: 'ring', code: 'EVIL', name: 'Evil', emphasis: [0, 4] };
    for (const [verb, params] of [
      ['review.open', { fromMs: 0, toMs: 1 }],
      ['review.complete', { fromMs: 0, toMs: 1, verdict: 'clean' }],
      ['recording.read', { sessionId: UNKNOWN_SESSION, cursor: null }],
      ['audit.list', { afterSeq: 0, limit: 500 }],
      ['enrollment.create', { machineName: 'EVIL-01' }],
      ['frame.set', { expected: null, frame }],
      ['runbook.save', { runbookId: null, title: 't', description: '', steps: ['true'] }],
    ] as const) {
      expect([verb, await technician.call(verb, params)]).toMatchObject([
        verb,
        { error: { code: 'role_insufficient' } },
      ]);
    }
    const reviewer = await enter(as('reviewer', westside().orgId));
    expect(
      await reviewer.call('session.open', { machineId: machineOf(westside()), size: SIZE }),
    ).toMatchObject({ error: { code: 'role_insufficient' } });

    const foreign = machineOf(primary());
    for (const verb of ['machine.get', 'machine.probe', 'link.open', 'session.open'] as const) {
      const params = (machineId: string) => ({ machineId, alertId: null, size: SIZE });
      const answer = await technician.call(verb, params(foreign));
      expect(answer).toMatchObject({ ok: false, error: { code: 'not_found' } });
      expect(answer).toEqual(await technician.call(verb, params(UNKNOWN_MACHINE)));
    }
  });

  it('takes no terminal of another person, machine or client, and learns nothing from the refusal', async () => {
    const org = westside().orgId;
    const owner = as('technician', org);
    const inside = await enter(owner);
    const machineId = machineOf(westside());
    const sessionId = await opened(inside, machineId);
    await attach(owner, machineId, sessionId);

    const other = as('admin', org);
    await enter(other);
    const attempts = [
      terminal(other, machineId, UNKNOWN_SESSION),
      terminal(owner, westside().machines[1]?.machineId ?? '', sessionId),
      terminal(owner, machineOf(primary()), sessionId),
      terminal(owner, machineId, '..%2f..%2fx'),
    ];
    for (const attempt of attempts) expect(await (await attempt).refusal()).toBe('not_found');
    // A colleague may look on; the keyboard has to be taken, by a verb that is recorded.
    const typing = await terminal(other, machineId, sessionId);
    typing.send({ type: 'hello', protocolVersion: PROTOCOL_VERSION, outputOffsetBytes: 0, size: SIZE });
    expect(await typing.refusal()).toBe('session_taken_over');

    const stranger = as('technician', primary().orgId);
    await enter(stranger);
    expect(await (await terminal(stranger, machineId, sessionId)).refusal()).toBe('not_found');
    expect(await (await terminal(as('technician', org), machineId, sessionId)).refusal()).toBe(
      'entry_required',
    );
  });

  it('keeps no terminal through another sign-in of the same person once that one is locked', async () => {
    const org = westside().orgId;
    const [first, second] = [as('technician', org), as('technician', org)];
    const inside = await enter(first);
    const again = await enter(second);
    const machineId = machineOf(westside());
    const sessionId = await opened(inside, machineId);
    await attach(first, machineId, sessionId);
    const hello = { type: 'hello', protocolVersion: PROTOCOL_VERSION, outputOffsetBytes: 0, size: SIZE };
    const stolen = await terminal(second, machineId, sessionId);
    stolen.send(hello);
    expect(await stolen.refusal()).toBe('session_taken_over');
    const watching = await terminal(second, machineId, sessionId);
    watching.send({ ...hello, mode: 'watch' });
    await again.must('workspace.leave', { reason: 'locked' });
    expect(await watching.refusal()).toBe('entry_ended');
  });

  it('keeps no terminal without the socket that proves who it is, however often it comes back', async () => {
    const bearer = as('technician', westside().orgId);
    const inside = await enter(bearer);
    const machineId = machineOf(westside());
    const sessionId = await opened(inside, machineId);
    const first = await attach(bearer, machineId, sessionId);
    inside.end();
    expect(await first.refusal()).toBe('token_expired');
    const second = await attach(bearer, machineId, sessionId);
    expect(await second.refusal()).toBe('token_expired');
  });

  it('does nothing through a socket that the relay has closed', async () => {
    const org = westside().orgId;
    const bearer = as('admin', org);
    const older = await enter(bearer);
    older.ignoreCloses();
    const newer = await enter(bearer);
    await waitFor('the older one to be told', () =>
      older.messages.some((message) => JSON.stringify(message).includes('entry_replaced')),
    );
    older.ask('runbook.save', { runbookId: null, title: 'planted', description: '', steps: ['rm -rf /'] });
    // A message behind it on a line of its own tells that the first had its time.
    for (let i = 0; i < 20; i += 1)
      await newer.must('machine.search', { query: 'x', settled: false, limit: 1 });
    const { runbooks } = await newer.must('runbook.list', {});
    expect(JSON.stringify(runbooks)).not.toContain('planted');
    expect(older.replies().map(({ id }) => id)).toEqual([1]);
  });

  it('answers a challenge with another person’s, sign-in’s or client’s token, and is put out', async () => {
    const bearer = as('technician', westside().orgId);
    for (const wrong of [
      { ...bearer, org: primary().orgId },
      { ...bearer, sid: newSid() },
      { ...bearer, sub: people.admin.userId },
    ]) {
      const peer = await enter(bearer);
      peer.send({ type: 'token', token: token(wrong) });
      expect(await peer.refusal()).toBe('token_invalid');
    }
    const peer = await enter(bearer);
    expect(await peer.call('workspace.reverify', { token: token({ ...bearer, age: 1 }) })).toMatchObject({
      error: { code: 'sign_in_not_fresh' },
    });
    expect(
      await peer.call('workspace.reverify', { token: token({ ...bearer, org: primary().orgId }) }),
    ).toMatchObject({ error: { code: 'token_invalid' } });
    expect(
      await peer.call('workspace.reverify', { token: token({ ...bearer, sid: newSid() }) }),
    ).toMatchObject({
      error: { code: 'token_invalid' },
    });
    await peer.must('workspace.reverify', { token: token(bearer) });
  });

  it('sends garbage, and only its own socket pays for it', { timeout: 2 * BUSY_MACHINE_MS }, async () => {
    const bystander = await enter(as('technician', westside().orgId));
    const bearer = as('technician', westside().orgId);
    const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`;
    const cases: [string | Buffer, string][] = [
      ['{', 'message_invalid'],
      [Buffer.from([1, 2, 3]), 'message_invalid'],
      ['{"type":"request","id":1,"verb":"__proto__","params":{}}', 'message_invalid'],
      ['{"type":"request","id":1,"verb":"constructor","params":{}}', 'message_invalid'],
      [`{"type":"request","id":1e400,"verb":"machine.get","params":{}}`, 'message_invalid'],
      ['x'.repeat(300_000), 'message_too_large'],
    ];
    for (const [data, code] of cases) {
      const peer = await enter(bearer);
      peer.socket.send(data);
      expect([String(data).slice(0, 60), await peer.refusal()]).toEqual([String(data).slice(0, 60), code]);
    }
    const peer = await enter(bearer);
    peer.socket.send(`{"type":"request","id":90,"verb":"machine.search","params":${deep}}`);
    await waitFor('an answer', () => peer.replies().some(({ id }) => id === 90));
    for (const query of ['"', '" OR "', '*', 'a"b NEAR(x)', '%', `' OR 1=1 --`, '{"x":1}'])
      expect(await peer.must('machine.search', { query, settled: false, limit: 10 })).toMatchObject({
        total: 0,
      });
    // What no name can hold is refused: "does not exist" is said of what was sought alone.
    for (const query of ['\u0000', '\ud800'])
      expect(await peer.call('machine.search', { query, settled: false, limit: 10 })).toMatchObject({
        error: { code: 'query_invalid' },
      });
    // Told at once; the close itself waits behind all that was sent.
    for (let i = 0; i < 2500; i += 1) peer.ask('attempt.dismiss', {});
    await waitFor(
      'the relay to have enough',
      () => peer.messages.some((message) => JSON.stringify(message).includes('"rate_limited"')),
      BUSY_MACHINE_MS,
    );
    await bystander.must('machine.search', { query: '', settled: false, limit: 1 });
  });

  it('sends frames that no console sends, and loses its terminal', async () => {
    const bearer = as('technician', westside().orgId);
    const inside = await enter(bearer);
    const machineId = machineOf(westside());
    const sessionId = await opened(inside, machineId);
    const past = Buffer.from(encodeFrame(FrameKind.outputAck, Number.MAX_SAFE_INTEGER));
    const cases: Buffer[] = [
      Buffer.alloc(3),
      Buffer.alloc(10, 255),
      Buffer.from(encodeFrame(FrameKind.output, 0, new Uint8Array(4))),
      Buffer.from(encodeFrame(FrameKind.credit, 1)),
      Buffer.from(encodeFrame(FrameKind.input, 0, new Uint8Array(70_000))),
      // Of output that was never sent: it would let all output flow to someone who reads none.
      past,
    ];
    for (const frame of cases) {
      const peer = await attach(bearer, machineId, sessionId);
      peer.socket.send(frame);
      expect([frame.subarray(0, 10).toString('hex'), await peer.refusal()]).toEqual([
        frame.subarray(0, 10).toString('hex'),
        'frame_invalid',
      ]);
    }
    await attach(bearer, machineId, sessionId);
  });

  it('sends bodies without end and webhooks of its own, and is heard by nobody', async () => {
    for (const path of ['/v1/enroll', '/v1/webhooks/clerk']) {
      const { port } = new URL(system.relayUrl);
      const posting = request({ host: '127.0.0.1', port, path, method: 'POST' });
      posting.on('error', () => {});
      let answer: number | 'cut' | null = null;
      posting.on('response', ({ statusCode }) => {
        answer = statusCode ?? 0;
      });
      posting.on('close', () => {
        answer ??= 'cut';
      });
      const part = Buffer.alloc(64 * 1024, 32);
      // It never ends, and more of it lies ready than the relay may take; an answer has to come all the same.
      for (let sent = 0; sent < 64; sent += 1) posting.write(part);
      expect([path, await waitFor(`an answer of ${path}`, () => answer, 5000)]).toEqual([
        path,
        expect.toBeOneOf([413, 'cut']),
      ]);
      posting.destroy();
    }
    const forged = await fetch(`${system.relayUrl}/v1/webhooks/clerk`, {
      method: 'POST',
      headers: {
        'svix-id': 'msg_1',
        'svix-timestamp': String(Math.floor(Date.now() / 1000)),
        'svix-signature': 'v1,AAAA',
      },
      body: JSON.stringify({ type: 'session.revoked', data: { id: newSid() } }),
    });
    expect(forged.status).toBe(400);
  });

  it('finds no secret in the relay’s log, and none in the environment of a shell', async () => {
    const inside = await enter(as('technician', westside().orgId));
    const { machineId, name } = westside().machines[0] ?? {};
    const agent = system.machines.find((machine) => machine.name === name)?.process.pid ?? 0;
    const children = () => readFileSync(`/proc/${agent}/task/${agent}/children`, 'utf8').trim().split(' ');
    const before = children();
    await opened(inside, machineId ?? '');
    // Between fork and exec it is still a copy of the agent.
    const environment = await waitFor('the shell', () => {
      const shell = children().find((pid) => !before.includes(pid));
      const variables =
        shell === undefined ? [] : readFileSync(`/proc/${shell}/environ`, 'utf8').split('\0').filter(Boolean);
      return variables.includes('TERM=xterm-256color') ? variables : null;
    });
    const allowed = /^(?:PATH|LANG|LANGUAGE|LC_[A-Z]+|TZ|HOME|PWD|USER|LOGNAME|SHELL|TERM|COLORTERM)=/;
    expect(environment.filter((variable) => !allowed.test(variable))).toEqual([]);

    const log = readFileSync(join(system.stateDir, 'relay/workerd.log'), 'utf8');
    expect(log).toContain('access.denied');
    const { relay, webhook } = JSON.parse(readFileSync(join(system.stateDir, 'secrets.json'), 'utf8')) as {
      relay: string;
      webhook: string;
    };
    for (const secret of [relay, webhook, system.identity.secretKey, people.technician.password])
      expect(log).not.toContain(secret);
    // Tokens, codes, credentials, tickets; what was looked for.
    for (const shape of [/eyJ[\w-]{10,}\./, /\bc[emt]1\./, /a"b NEAR/, /PRIM/])
      expect(log).not.toMatch(shape);
  });

  it('spent sign-ins stay spent, and bound ones bound, when the relay is killed right after', async () => {
    const org = westside().orgId;
    const locked = as('technician', org);
    const alive = as('technician', org);
    const leaving = await enter(locked);
    await enter(alive);
    await leaving.must('workspace.leave', { reason: 'locked' });
    const restore = await system.outage('relay');
    await restore();
    const refused = await connect(locked);
    expect(await refused.call('workspace.enter', ENTER).catch(() => null)).not.toMatchObject({ ok: true });
    expect(['sign_in_spent', 'entry_ended']).toContain(await refused.refusal());
    expect(await (await connect({ ...locked, org: primary().orgId })).refusal()).toBe(
      'sign_in_bound_elsewhere',
    );
    expect(await (await connect({ ...alive, org: primary().orgId })).refusal()).toBe(
      'sign_in_bound_elsewhere',
    );
    const back = await connect({ ...alive, age: 9 });
    expect(await back.must('workspace.enter', ENTER)).toMatchObject({ resumed: true });
    // A new sign-in that is not fresh is no way around that.
    const stale = await connect(as('technician', org, { age: 3 }));
    expect(await stale.call('workspace.enter', ENTER).catch(() => null)).not.toMatchObject({ ok: true });
    expect(await stale.refusal()).toBe('sign_in_not_fresh');
  });
});
