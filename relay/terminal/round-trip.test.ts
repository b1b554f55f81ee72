import { expect, it } from 'vitest';
import { RoundTrip } from './round-trip.ts';

it('times one lap after the other, from an offset that was sent until it is heard, and keeps the shortest', () => {
  let now = 1000;
  const line = new RoundTrip(() => now);
  expect(line.shortestMs).toBe(0);
  expect(line.heard(5)).toBe(null);
  line.sent(300, 100);
  line.sent(900, 100);
  now += 70;
  expect(line.heard(299)).toBe(null);
  now += 10;
  expect(line.heard(400)).toEqual({ tookMs: 80, bytes: 300, aheadBytes: 200 });
  // The lap is over: what was sent meanwhile began none.
  expect(line.heard(900)).toBe(null);
  line.sent(1000, 900);
  now += 50;
  line.heard(1000);
  line.sent(1100, 1000);
  now += 500;
  line.heard(1100);
  expect(line.shortestMs).toBe(50);
});
