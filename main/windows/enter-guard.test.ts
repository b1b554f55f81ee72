import { describe, expect, it } from 'vitest';
import { EnterGuard } from './enter-guard.ts';

const down = { type: 'keyDown', key: 'Enter', isAutoRepeat: false };
const repeat = { ...down, isAutoRepeat: true };
const up = { ...down, type: 'keyUp' };

function away(ms: number) {
  let now = 5;
  const guard = new EnterGuard(() => now);
  guard.blurred();
  now += ms;
  // Some systems tell of it twice.
  guard.blurred();
  guard.focused();
  return guard;
}

describe('EnterGuard', () => {
  it('holds the first Enter, as long as it is down, after 20 s away, and the next no more', () => {
    const guard = away(20_000);
    expect(guard.holds({ ...down, key: 'a' })).toBeNull();
    expect([down, repeat, repeat, up, down, repeat].map((key) => guard.holds(key))).toEqual([
      'first',
      'again',
      'again',
      null,
      null,
      null,
    ]);
  });

  it('holds nothing after a glance elsewhere, in a new window, or where the person was just asked', () => {
    expect(away(19_999).holds(down)).toBeNull();
    const fresh = new EnterGuard(() => 1e9);
    fresh.focused();
    expect(fresh.holds(down)).toBeNull();
    const asked = away(60_000);
    asked.disarm();
    expect(asked.holds(down)).toBeNull();
  });
});
