import { describe, expect, it } from 'vitest';
import { TestClock } from '../testing/test-clock.ts';
import { watchForWake } from './wake-watch.ts';

describe('watchForWake', () => {
  it('tells of a sleep within seconds of its end, and of nothing else', async () => {
    const clock = new TestClock();
    let sleptMs = 0;
    let woke = 0;
    const { after, random } = clock;
    const timers = { after, random, now: () => clock.now() + sleptMs };
    const stop = watchForWake(timers, () => (woke += 1));
    await clock.pass(60_000);
    expect(woke).toBe(0);
    sleptMs = 3_600_000;
    await clock.pass(2000);
    expect(woke).toBe(1);
    await clock.pass(60_000);
    expect(woke).toBe(1);
    stop();
    sleptMs = 7_200_000;
    await clock.pass(60_000);
    expect(woke).toBe(1);
  });
});
