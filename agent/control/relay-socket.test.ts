import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { errors } from '#protocol/errors.ts';
import type { Clock } from '../clock.ts';
import { backoffMs } from './backoff.ts';
import { openRelaySocket, type RelaySocketClosed } from './relay-socket.ts';

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

describe('relay socket', () => {
  it('notices a line that died without a word, after 45 s of silence', async () => {
    const url = await listen(silentServer(101));
    let now = 0;
    const timers: { at: number; fire: () => void }[] = [];
    const clock: Clock = {
      now: () => now,
      timer(delayMs, fire) {
        const timer = { at: now + delayMs, fire };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer), 1);
      },
      random: () => 0,
      fillRandom: () => {},
    };
    const closed: RelaySocketClosed[] = [];
    await new Promise<void>((resolve) => {
      openRelaySocket(url, 'Machine x', clock, {
        opened: resolve,
        text: () => {},
        bytes: () => {},
        closed: (reason) => closed.push(reason),
      });
    });
    for (; now <= 45_000; now += 1000) {
      for (const timer of timers.filter(({ at }) => at <= now)) {
        timers.splice(timers.indexOf(timer), 1);
        timer.fire();
      }
    }
    expect(closed).toEqual([]);
    for (; now <= 61_000; now += 1000) {
      for (const timer of timers.filter(({ at }) => at <= now)) {
        timers.splice(timers.indexOf(timer), 1);
        timer.fire();
      }
    }
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

describe('backoff', () => {
  it('lies anywhere below a doubling limit of at most 10 s', () => {
    const most = Array.from({ length: 9 }, (_, failures) => backoffMs(failures, () => 0.999_999));
    expect(most).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
    expect(backoffMs(5, () => 0)).toBe(0);
    expect(backoffMs(10_000, () => 0.5)).toBe(5000);
  });
});
