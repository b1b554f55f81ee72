import { describe, expect, it } from 'vitest';
import { PageRest } from './page-rest.ts';

function page() {
  let now = 7;
  let givenBack = 0;
  let waiting: { readonly atMs: number; readonly run: () => void } | null = null;
  const rest = new PageRest({
    nowMs: () => now,
    after: (delayMs, run) => {
      waiting = { atMs: now + delayMs, run };
      return () => {
        waiting = null;
      };
    },
    giveBack: () => {
      givenBack += 1;
    },
  });
  return {
    rest,
    /** How often it has given back when so much time has passed. */
    after: (ms: number): number => {
      const end = now + ms;
      while (waiting !== null && waiting.atMs <= end) {
        const { atMs, run } = waiting;
        waiting = null;
        now = atMs;
        run();
      }
      now = end;
      return givenBack;
    },
  };
}

describe('PageRest', () => {
  it('gives back once, after three seconds in which nobody touched the page', () => {
    const { rest, after } = page();
    rest.due();
    expect(after(2_000)).toBe(0);
    rest.due();
    expect(after(1_000)).toBe(1);
    expect(after(60_000)).toBe(1);
    rest.due();
    expect(after(3_000)).toBe(2);
  });

  it('waits on as long as somebody touches the page, and three seconds from then', () => {
    const { rest, after } = page();
    rest.due();
    for (let key = 0; key < 10; key += 1) {
      expect(after(2_900)).toBe(0);
      rest.touched();
    }
    expect(after(2_999)).toBe(0);
    expect(after(1)).toBe(1);
  });

  it('does nothing where nothing is due, or when its window is gone', () => {
    const { rest, after } = page();
    rest.touched();
    expect(after(60_000)).toBe(0);
    rest.due();
    rest.dispose();
    expect(after(60_000)).toBe(0);
  });
});
