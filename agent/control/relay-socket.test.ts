import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { backoffMs } from '#protocol/backoff.ts';
import { errors } from '#protocol/errors.ts';
import type { Clock } from '../clock.ts';
import { idleBackoffMs, slowRetryMs } from './backoff.ts';
import { LineWatch } from './line-watch.ts';
import { openRelaySocket, type RelaySocket, type RelaySocketClosed } from './relay-socket.ts';

const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A line whose other end is gone without a word: it took the upgrade and never says anything again. */
function silentServer(upgradeStatus: 101 | 401) {
  const server = createServer();
  server.on('upgrade', (request, socket) => {
    socket.on('error', () => {});
    if (upgradeStatus === 401) {
      const body = JSON.stringify({ error: { code: 'credential_invalid', text: 'no' } });
      socket.end(
        `HTTP/1.1 401 Unauthorized\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      );
      return;
    }
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}${ACCEPT_SUFFIX}`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.resume();
  });
  return server;
}

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/agent`;
}

/** A clock that stands until it is moved. */
function handClock() {
  const timers = new Set<{ at: number; fire: () => void }>();
  let now = 0;
  const clock: Clock = {
    now: () => now,
    timer(delayMs, fire) {
      const timer = { at: now + delayMs, fire };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    random: () => 0.5,
    fillRandom: () => {},
  };
  /** `asleep`: time passes, and the machine's timers stand still. */
  const pass = (ms: number, asleep = false) => {
    if (asleep) {
      for (const timer of timers) timer.at += ms;
      now += ms;
      return;
    }
    for (const end = now + ms; now < end; now += 500) {
      for (const timer of timers) {
        if (timer.at > now) continue;
        timers.delete(timer);
        timer.fire();
      }
    }
  };
  return { clock, pass };
}

describe('relay socket', () => {
  const openSilent = async (clock: Clock) => {
    const url = await listen(silentServer(101));
    const closed: RelaySocketClosed[] = [];
    const socket = await new Promise<RelaySocket>((resolve) => {
      const made = openRelaySocket(url, 'Machine x', clock, {
        opened: () => resolve(made),
        text: () => {},
        bytes: () => {},
        closed: (reason) => closed.push(reason),
      });
    });
    return { socket, closed };
  };

  it('notices a line that died without a word within 15 s', async () => {
    const { clock, pass } = handClock();
    const { closed } = await openSilent(clock);
    pass(9500);
    expect(closed).toEqual([]);
    pass(5500);
    expect(closed).toEqual([{ error: null, detail: 'silent' }]);
  });

  it('asked at once, notices it within 3 s', async () => {
    const { clock, pass } = handClock();
    const { socket, closed } = await openSilent(clock);
    socket.probe();
    pass(2500);
    expect(closed).toEqual([]);
    pass(1000);
    expect(closed).toEqual([{ error: null, detail: 'silent' }]);
  });

  it('reads the reason from an HTTP refusal', async () => {
    const url = await listen(silentServer(401));
    const clock: Clock = {
      now: () => 0,
      timer: () => () => {},
      random: () => 0,
      fillRandom: () => {},
    };
    const reason = await new Promise<RelaySocketClosed>((resolve) => {
      openRelaySocket(url, 'Machine x', clock, {
        opened: () => {},
        text: () => {},
        bytes: () => {},
        closed: resolve,
      });
    });
    expect(reason).toEqual({ error: 'credential_invalid', detail: 'refused 401' });
    expect(errors.credential_invalid.retryable).toBe(false);
  });
});

describe('the watch over the line', () => {
  it('tells of sleep and of other addresses, and of nothing else', () => {
    const { clock, pass } = handClock();
    let addresses = '10.0.0.1';
    const told: string[] = [];
    const watch = new LineWatch({ clock, addresses: () => addresses, changed: (why) => told.push(why) });
    pass(60_000);
    expect(told).toEqual([]);
    pass(3_600_000, true);
    pass(2500);
    expect(told).toEqual(['woke']);
    addresses = '10.0.0.2';
    pass(2500);
    expect(told).toEqual(['woke', 'network']);
    watch.dispose();
    pass(3_600_000, true);
    pass(5000);
    expect(told).toEqual(['woke', 'network']);
  });
});

describe('backoff', () => {
  it('lies anywhere below a limit that is under a second at first and doubles to 10 s', () => {
    const most = [0, 1, 2, 3, 20, 21, 22, 23, 24, 25].map((failures) => backoffMs(failures, () => 0.999_999));
    expect(most).toEqual([250, 500, 800, 800, 800, 1600, 3200, 6400, 10_000, 10_000]);
    expect(backoffMs(5, () => 0)).toBe(0);
    expect(backoffMs(10_000, () => 0.5)).toBe(5000);
    expect([0, 1, 9].map((failures) => idleBackoffMs(failures, () => 0.5))).toEqual([125, 5000, 5000]);
    expect(slowRetryMs('rate_limited', () => 0)).toBeNull();
    expect([0, 0.5].map((random) => slowRetryMs('credential_superseded', () => random))).toEqual([
      60_000, 90_000,
    ]);
  });
});
