import { describe, expect, it } from 'vitest';
import { BEAT, BEAT_ANSWER } from '#protocol/control/heartbeat.ts';
import { LiveSockets } from './live-sockets.ts';
import type { Socket, SocketHandlers } from './socket.ts';
import { TestClock } from '../testing/test-clock.ts';

class Line {
  readonly clock = new TestClock();
  readonly sockets: { handlers: SocketHandlers; sent: unknown[]; closed: boolean }[] = [];
  readonly live = new LiveSockets((_url, handlers) => {
    const socket = { handlers, sent: [] as unknown[], closed: false };
    this.sockets.push(socket);
    return {
      send: (data) => void socket.sent.push(data),
      close: () => {
        socket.closed = true;
      },
    };
  }, this.clock);
  readonly heard: string[] = [];

  connect(name: string): Socket {
    const socket = this.live.open('ws://relay', {
      opened: () => this.heard.push(`${name} opened`),
      text: (data) => this.heard.push(`${name} ${data}`),
      binary: (bytes) => this.heard.push(`${name} ${bytes.length} bytes`),
      closed: (code) => this.heard.push(`${name} ${code}`),
    });
    this.sockets.at(-1)?.handlers.opened();
    return socket;
  }
}

describe('a socket', () => {
  it('asks when it hears nothing, keeps the answer to itself, and asks nobody who talks', async () => {
    const line = new Line();
    line.connect('a');
    await line.clock.pass(5000);
    expect(line.sockets[0]?.sent).toEqual([BEAT]);
    line.sockets[0]?.handlers.text(BEAT_ANSWER);
    for (let second = 0; second < 20; second += 1) {
      await line.clock.pass(1000);
      line.sockets[0]?.handlers.binary(new Uint8Array(1));
    }
    expect(line.sockets[0]?.sent).toEqual([BEAT]);
    expect(line.heard.filter((one) => one !== 'a 1 bytes')).toEqual(['a opened']);
  });

  it('ends within ten seconds when its line is dead, and has the others looked at', async () => {
    const line = new Line();
    line.connect('a');
    line.connect('b');
    await line.clock.pass(4000);
    line.sockets[1]?.handlers.text('news');
    await line.clock.pass(6000);
    expect(line.heard).toEqual(['a opened', 'b opened', 'b news', 'a 1006']);
    expect(line.sockets[0]?.closed).toBe(true);
    await line.clock.pass(3000);
    expect(line.heard.at(-1)).toBe('b 1006');
    await line.clock.pass(60_000);
    expect(line.heard).toHaveLength(5);
  });

  it('is looked at within three seconds when the network changes, unless it was closed', async () => {
    const line = new Line();
    line.connect('a');
    line.connect('b').close();
    line.live.probe();
    await line.clock.pass(3000);
    expect(line.heard).toEqual(['a opened', 'b opened', 'a 1006']);
    await line.clock.pass(60_000);
    expect(line.sockets[1]?.sent).toEqual([]);
    expect(line.heard).toHaveLength(3);
  });
});
