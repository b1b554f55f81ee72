import { describe, expect, it } from 'vitest';
import { PinnedTokens } from './pinned-tokens.ts';

describe('PinnedTokens', () => {
  it('counts a lifetime from when the token first came', () => {
    let nowMs = 1_000;
    const tokens = new PinnedTokens(() => nowMs);
    const token = { jwt: 'a', issuedAtSeconds: 5, lifetimeSeconds: 60 };
    tokens.add(token);
    nowMs += 59_999;
    tokens.add(token);
    expect(tokens.usable()).toBe('a');
    nowMs += 1;
    expect(tokens.usable()).toBeNull();
  });

  it('lets the later of one second win, and no older one', () => {
    const tokens = new PinnedTokens(() => 0);
    for (const [jwt, issuedAtSeconds] of [
      ['a', 5],
      ['b', 5],
      ['c', 4],
    ] as const)
      tokens.add({ jwt, issuedAtSeconds, lifetimeSeconds: 60 });
    expect(tokens.usable()).toBe('b');
    tokens.forget();
    expect(tokens.usable()).toBeNull();
  });
});
