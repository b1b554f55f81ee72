import { describe, expect, it } from 'vitest';
import { errors } from '#protocol/errors.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import { ConsoleToWorkspace } from '#protocol/control/console-to-workspace.ts';
import { RelayClient } from './relay-client.ts';
import type { RelayState } from './relay-client.ts';
import type { SocketHandlers } from './socket.ts';
import { TestClock, settled } from '../testing/test-clock.ts';
import { westside } from '../testing/example-frames.ts';

const entry = {
  entryId: 'ent_00000000000000000000000001',
  resumed: false,
  person: { userId: 'user_2VshfS2k5k2Tp3', name: 'Tess Okafor' },
  role: 'technician',
  frame: westside,
  machineCount: 1,
  openSessions: [],
};

interface Request {
  readonly id: number;
  readonly verb: string;
  readonly params: unknown;
}

class FarRelay {
  readonly clock = new TestClock();
  readonly states: RelayState[] = [];
  readonly requests: Request[] = [];
  readonly tokensSent: string[] = [];
  readonly client: RelayClient;
  token: { ok: true; token: string } | { ok: false; offline: boolean } = { ok: true, token: 'token-1' };
  tokensAsked = 0;
  connections = 0;
  /** What `workspace.enter` is answered with. */
  answerEnter: (request: Request) => void = ({ id }) => this.reply(id, entry);
  live: SocketHandlers | null = null;

  constructor() {
    this.client = new RelayClient({
      relayUrl: 'https://relay.test/',
      device: { installId: 'install', appVersion: '0.1.0', windowId: 'window' },
      timers: this.clock,
      getToken: () => {
        this.tokensAsked += 1;
        return Promise.resolve(this.token);
      },
      open: (url, handlers) => {
        expect(url).toBe('wss://relay.test/v1/workspace');
        this.connections += 1;
        this.live = handlers;
        const mine = () => this.live === handlers;
        this.clock.after(5, () => {
          if (mine()) handlers.opened();
        });
        return {
          send: (data) => {
            if (mine() && typeof data === 'string') this.#received(data);
          },
          close: () => {
            if (mine()) this.live = null;
          },
        };
      },
      onState: (state) => this.states.push(state),
      onAnnouncement: () => undefined,
    });
  }

  #received(data: string): void {
    const message = ConsoleToWorkspace.parse(JSON.parse(data));
    if (message.type === 'token') this.tokensSent.push(message.token);
    else {
      this.requests.push(message);
      if (message.verb === 'workspace.enter') this.answerEnter(message);
    }
  }

  reply(id: number, result: unknown): void {
    this.live?.text(JSON.stringify({ type: 'reply', id, outcome: { ok: true, result } }));
  }

  refuse(id: number, code: ErrorCode, retryAfterMs?: number): void {
    const error = { code, text: errors[code].text, retryAfterMs };
    this.live?.text(JSON.stringify({ type: 'reply', id, outcome: { ok: false, error } }));
  }

  cut(closeCode: number): void {
    const { live } = this;
    this.live = null;
    live?.closed(closeCode);
  }

  async entered(): Promise<this> {
    this.client.enter('link');
    await this.clock.pass(10);
    expect(this.client.state.kind).toBe('entered');
    return this;
  }
}

describe('RelayClient', () => {
  it('asks for a token, connects, enters, and types its calls', async () => {
    const far = await new FarRelay().entered();
    expect(far.tokensAsked).toBe(1);
    expect(far.requests[0]).toMatchObject({ verb: 'workspace.enter', params: { via: 'link' } });
    const found = far.client.call('machine.search', { query: 'x', settled: true, limit: 10 });
    far.reply(far.requests.at(-1)?.id ?? -1, { machines: [], total: 0 });
    expect(await found).toEqual({ ok: true, result: { machines: [], close: [], total: 0, more: false } });
    const odd = far.client.call('machine.search', { query: 'x', settled: true, limit: 10 });
    far.reply(far.requests.at(-1)?.id ?? -1, { machines: 'all of them' });
    expect(await odd).toMatchObject({ ok: false, error: { code: 'message_invalid' } });
  });

  it('asks again when the relay says that it was asked too fast, and gives up in time', async () => {
    const far = await new FarRelay().entered();
    const lastId = () => far.requests.at(-1)?.id ?? -1;
    const listed = far.client.call('runbook.list', {});
    far.refuse(lastId(), 'rate_limited', 40);
    const before = far.requests.length;
    // However soon it may: a relay closes the socket of who is refused more than ten times a second.
    await far.clock.pass(249);
    expect(far.requests).toHaveLength(before);
    await far.clock.pass(252);
    expect(far.requests).toHaveLength(before + 1);
    far.reply(lastId(), { runbooks: [] });
    expect(await listed).toEqual({ ok: true, result: { runbooks: [] } });
    const hopeless = far.client.call('runbook.list', {});
    far.refuse(lastId(), 'rate_limited', 60_000);
    expect(await hopeless).toMatchObject({ ok: false, error: { code: 'rate_limited' } });
  });

  it('comes back into the same entry after a cut, and answers what was open as unavailable', async () => {
    const far = await new FarRelay().entered();
    const open = far.client.call('machine.search', { query: 'x', settled: true, limit: 10 });
    far.cut(1006);
    expect(await open).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    expect(far.client.state).toMatchObject({ kind: 'connecting', entry: { machineCount: 1 } });
    await far.clock.pass(20);
    expect(far.client.state.kind).toBe('entered');
    expect(far.requests.at(-1)).toMatchObject({ verb: 'workspace.enter', params: { via: 'reconnect' } });
    expect(far.tokensAsked).toBe(2);
  });

  it('keeps trying with growing pauses while the relay is away, and at once when told', async () => {
    const far = await new FarRelay().entered();
    far.answerEnter = () => far.cut(1006);
    far.cut(1006);
    await far.clock.pass(8000);
    const soon = far.connections;
    // Somebody waits: the relay's return is noticed within a second.
    expect(soon).toBeGreaterThan(10);
    await far.clock.pass(60_000);
    const tries = far.connections;
    expect(tries - soon).toBeGreaterThan(4);
    expect(tries - soon).toBeLessThan(25);
    far.answerEnter = ({ id }) => far.reply(id, entry);
    far.client.retryNow();
    await far.clock.pass(10);
    expect(far.client.state.kind).toBe('entered');
    expect(far.connections).toBe(tries + 1);
  });

  it('stops where the relay refuses for good, by an answer or by a close', async () => {
    const answered = new FarRelay();
    answered.answerEnter = ({ id }) => answered.refuse(id, 'sign_in_not_fresh');
    answered.client.enter('launcher');
    await answered.clock.pass(60_000);
    expect(answered.client.state).toEqual({
      kind: 'refused',
      error: { code: 'sign_in_not_fresh', text: errors.sign_in_not_fresh.text, retryable: false },
    });
    expect(answered.connections).toBe(1);

    const closed = await new FarRelay().entered();
    closed.cut(errors.access_revoked.closeCode);
    await closed.clock.pass(60_000);
    expect(closed.client.state).toMatchObject({ kind: 'refused', error: { code: 'access_revoked' } });
    expect(closed.connections).toBe(1);
  });

  it('answers a challenge with a new token, and never with none', async () => {
    const far = await new FarRelay().entered();
    far.token = { ok: true, token: 'token-2' };
    far.live?.text(JSON.stringify({ type: 'challenge', expiresAt: far.clock.now() + 5000 }));
    await settled();
    expect(far.tokensSent).toEqual(['token-2']);
    far.token = { ok: false, offline: true };
    far.live?.text(JSON.stringify({ type: 'challenge', expiresAt: far.clock.now() + 5000 }));
    await settled();
    expect(far.client.state.kind).toBe('entered');
    far.token = { ok: false, offline: false };
    far.live?.text(JSON.stringify({ type: 'challenge', expiresAt: far.clock.now() + 5000 }));
    await settled();
    expect(far.client.state).toMatchObject({ kind: 'refused', error: { code: 'session_inactive' } });
  });

  it('takes silence for a dead socket', async () => {
    const far = await new FarRelay().entered();
    await far.clock.pass(80_000);
    expect(far.connections).toBe(1);
    await far.clock.pass(20_000);
    expect(far.connections).toBe(2);
  });
});
