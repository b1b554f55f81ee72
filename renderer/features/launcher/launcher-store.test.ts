import { describe, expect, it } from 'vitest';
import { LauncherState } from '#contract/window-state.ts';
import { launcherRows, reviewRound } from './launcher-store.ts';

const frame = (name: string) => ({ colour: 'sky', glyph: 'hexagon', code: 'DCW', name, emphasis: [0, 3] });

function stateWith(
  reviews: Readonly<Record<string, 'due' | 'done' | null>>,
  mode: 'open' | 'switch' = 'open',
) {
  const workspaces = Object.entries(reviews).map(([name, review], index) => ({
    orgId: `org_${'a'.repeat(24)}${index}`,
    frame: frame(name),
    state: 'closed',
    windowNumber: null,
    // The first one was opened last.
    lastOpenedAt: 1000 - index,
    review,
    lookAlikes: [],
  }));
  return LauncherState.parse({
    workspaces,
    mode: mode === 'open' ? { kind: 'open' } : { kind: 'switch', from: workspaces[0] },
    notice: null,
  });
}
const names = (state: LauncherState) => launcherRows(state, '').map(({ frame: { name } }) => name);

describe('a round of reviews', () => {
  it('is no matter of people who review nothing', () => {
    const state = stateWith({ one: null, two: null });
    expect(reviewRound(state)).toEqual({ due: 0, done: 0 });
    expect(names(state)).toEqual(['one', 'two']);
  });

  it('begins with the first that is done: from then on those still to do come first', () => {
    expect(names(stateWith({ one: 'due', other: null, two: 'due' }))).toEqual(['one', 'other', 'two']);
    const under = stateWith({ one: 'done', other: null, two: 'due', three: 'due' });
    expect(reviewRound(under)).toEqual({ due: 2, done: 1 });
    expect(names(under)).toEqual(['two', 'three', 'one', 'other']);
    expect(names(stateWith({ one: 'done', two: 'done' }))).toEqual(['one', 'two']);
  });

  it('changes nothing in the ceremony of a switch', () => {
    expect(names(stateWith({ left: 'done', one: null, two: 'due' }, 'switch'))).toEqual(['one', 'two']);
  });
});
