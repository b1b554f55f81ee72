import { expect, it } from 'vitest';
import { SilenceWatch } from './silence-watch.ts';

/** Time that passes when told. */
function watched() {
  let now = 1000;
  let timer: { readonly atMs: number; readonly run: () => void } | null = null;
  let silences = 0;
  const watch = new SilenceWatch({
    now: () => now,
    after: (delayMs, run) => {
      timer = { atMs: now + delayMs, run };
      return () => {
        timer = null;
      };
    },
    silent: () => {
      silences += 1;
    },
  });
  const pass = (ms: number) => {
    const untilMs = now + ms;
    for (let due = timer; due !== null && due.atMs <= untilMs; due = timer) {
      now = due.atMs;
      timer = null;
      due.run();
    }
    now = untilMs;
  };
  return { watch, pass, silences: () => silences };
}

it('says of a line, once, that it was not heard of for 15 s', () => {
  const { watch, pass, silences } = watched();
  watch.begin();
  for (let beat = 0; beat < 5; beat += 1) {
    pass(14_900);
    watch.heard();
  }
  expect(silences()).toBe(0);
  pass(14_900);
  expect(silences()).toBe(0);
  pass(200);
  expect(silences()).toBe(1);
  pass(60_000);
  expect(silences()).toBe(1);
});

it('asks for no line that is gone, or that never said that it beats', () => {
  const { watch, pass, silences } = watched();
  watch.heard();
  pass(60_000);
  watch.begin();
  watch.stop();
  pass(60_000);
  expect(silences()).toBe(0);
});
