// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useNow } from './use-now.ts';

const START_MS = Date.UTC(2026, 10, 30, 2);
let hidden = false;

beforeEach(() => {
  vi.useFakeTimers({ now: START_MS });
  hidden = false;
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const pass = (ms: number) =>
  act(() => {
    vi.advanceTimersByTime(ms);
  });
const turn = (nowHidden: boolean) =>
  act(() => {
    hidden = nowHidden;
    document.dispatchEvent(new Event('visibilitychange'));
  });

describe('useNow', () => {
  it('tells the time while the page is seen, rests while it is covered, and is right at once when it is back', () => {
    const { result, unmount } = renderHook(() => useNow(1000) - START_MS);
    expect(result.current).toBe(0);
    pass(2500);
    expect(result.current).toBe(2000);

    turn(true);
    expect(vi.getTimerCount()).toBe(0);
    pass(60_000);
    expect(result.current).toBe(2000);

    turn(false);
    expect(result.current).toBe(62_500);
    pass(1000);
    expect(result.current).toBe(63_500);
    unmount();
    expect(vi.getTimerCount()).toBe(0);
  });
});
