import { describe, expect, it } from 'vitest';
import { Handshakes } from './handshakes.ts';
import { KeyedBuckets } from './keyed-buckets.ts';
import { TokenBucket } from './token-bucket.ts';

describe('a token bucket', () => {
  it('gives its burst, then as much as its rate, and says when', () => {
    let now = 1000;
    const bucket = new TokenBucket(3, 2, () => now);
    expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, true, false]);
    expect(bucket.retryAfterMs).toBe(500);
    now += 499;
    expect(bucket.take()).toBe(false);
    now += 1;
    expect(bucket.take()).toBe(true);
    now -= 3_600_000;
    expect(bucket.take()).toBe(false);
    now += 3_600_000;
    now += 60_000;
    expect(bucket.level).toBe(1);
  });
});

describe('buckets by key', () => {
  it('keep callers apart and forget the least recently seen', () => {
    const buckets = new KeyedBuckets({ burst: 1, perSecond: 1 }, () => 0, 100);
    expect(buckets.of('a').take()).toBe(true);
    expect(buckets.of('a').take()).toBe(false);
    expect(buckets.of('b').take()).toBe(true);
    for (let i = 0; i < 1000; i += 1) {
      buckets.of(`caller ${i}`);
      buckets.of('a');
    }
    expect(buckets.size).toBe(100);
    expect(buckets.of('a').take()).toBe(false);
    expect(buckets.known('b')).toBeNull();
  });
});

describe('handshakes', () => {
  const socket = () => new WebSocketPair()[0];

  it('count callers apart, and those who spoke or left no more', async () => {
    const late: WebSocket[] = [];
    const handshakes = new Handshakes({
      timeoutMs: 20,
      maxWaiting: 3,
      maxOfOne: 2,
      onLate: (one) => late.push(one),
    });
    const [first, second, third] = [socket(), socket(), socket()];
    handshakes.begin(first, 'a');
    handshakes.begin(second, 'a');
    expect([handshakes.hasRoom('a'), handshakes.hasRoom('b')]).toEqual([false, true]);
    handshakes.begin(third, 'b');
    expect(handshakes.hasRoom('c')).toBe(false);
    expect(handshakes.done(first)).toBe(true);
    expect(handshakes.done(first)).toBe(false);
    expect(handshakes.hasRoom('a')).toBe(true);
    await expect.poll(() => late).toEqual([second, third]);
    expect(handshakes.size).toBe(0);
    expect(handshakes.hasRoom('a')).toBe(true);
  });
});
