// @vitest-environment happy-dom
import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { useKeys } from './use-keys.ts';

afterEach(cleanup);

it('does an action once for each press, and goes on with what moves', () => {
  const done: string[] = [];
  const note = (what: string) => () => done.push(what);
  renderHook(() =>
    useKeys({
      newSession: note('session'),
      closeSession: note('end'),
      fontLarger: note('larger'),
      reviewMark: note('mark'),
    }),
  );
  for (const key of [
    { code: 'KeyT', key: 'T', ctrlKey: true, shiftKey: true },
    { code: 'KeyW', key: 'W', ctrlKey: true, shiftKey: true },
    { code: 'KeyR', key: 'r' },
    { code: 'Equal', key: '=', ctrlKey: true },
  ]) {
    for (const repeat of [false, true, true]) {
      const event = new KeyboardEvent('keydown', { ...key, repeat, bubbles: true, cancelable: true });
      // Held or not, it is the console's: neither the browser nor a shell has it.
      expect(document.body.dispatchEvent(event)).toBe(false);
    }
  }
  expect(done).toEqual(['session', 'end', 'mark', 'larger', 'larger', 'larger']);
});
