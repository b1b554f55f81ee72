import { describe, expect, it } from 'vitest';
import { PageRest } from './page-rest.ts';

function page() {
  let givenBack = 0;
  let waiting: (() => void) | null = null;
  const rest = new PageRest({
    after: (_delayMs, run) => {
      waiting = run;
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
    /** How often it gave back until the wait that runs now is over; null: it does not wait. */
    passed: (): number | null => {
      const run = waiting;
      if (run === null) return null;
      waiting = null;
      run();
      return givenBack;
    },
  };
}

describe('PageRest', () => {
  it('gives back once, after a while in which nobody touched the page', () => {
    const { rest, passed } = page();
    rest.due();
    rest.due();
    expect([passed(), passed()]).toEqual([1, null]);
    rest.due();
    expect(passed()).toBe(2);
  });

  it('waits on as long as somebody touches the page', () => {
    const { rest, passed } = page();
    rest.due();
    rest.touched();
    const first = passed();
    rest.touched();
    expect([first, passed(), passed(), passed()]).toEqual([0, 0, 1, null]);
  });

  it('does nothing where nothing is due, or when its window is gone', () => {
    const { rest, passed } = page();
    rest.touched();
    expect(passed()).toBeNull();
    rest.due();
    rest.dispose();
    expect(passed()).toBeNull();
  });
});
