import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WHOLE, keysOf, placesOf } from './pane-tree.ts';
import type { Direction } from './pane-tree.ts';
import {
  NO_TABS,
  chosenPane,
  frontTab,
  hasRoom,
  withChosen,
  withNextTab,
  withPaneApart,
  withPaneBeside,
  withPaneFetched,
  withPaneResized,
  withPaneTowards,
  withTab,
  withZoomTurned,
  withoutPane,
} from './tabs.ts';
import type { Tabs } from './tabs.ts';

/** a over b at the left, c at the right. */
const three = withPaneBeside(
  withChosen(withPaneBeside(withTab(NO_TABS, 'a'), 'c', 'right'), 'a'),
  'b',
  'down',
);
const placeOf = (tabs: Tabs, key: string) => placesOf(frontTab(tabs)?.tree ?? { kind: 'pane', key }).get(key);
const panes = ({ all }: Tabs) => all.map(({ tree }) => keysOf(tree).join(''));

describe('panes of a tab', () => {
  it('share its place, a new one half of that which it was cut from', () => {
    expect(placeOf(three, 'a')).toEqual({ left: 0, top: 0, width: 0.5, height: 0.5 });
    expect(placeOf(three, 'b')).toEqual({ left: 0, top: 0.5, width: 0.5, height: 0.5 });
    expect(placeOf(three, 'c')).toEqual({ left: 0.5, top: 0, width: 0.5, height: 1 });
    expect(chosenPane(three)).toBe('b');
  });

  it('hand the keyboard across the border in a direction, and not over the edge', () => {
    const walk = (tabs: Tabs, ...directions: Direction[]) =>
      chosenPane(directions.reduce(withPaneTowards, tabs));
    expect(walk(three, 'up')).toBe('a');
    expect(walk(three, 'right')).toBe('c');
    expect(walk(three, 'left', 'down')).toBe('b');
    expect(walk(three, 'right', 'left')).toBe('a');
    expect(walk(three, 'right', 'up', 'right')).toBe('c');
  });

  it('cross to the one with the longest common border', () => {
    const lower = withPaneResized(withPaneResized(three, 'up'), 'up');
    expect(chosenPane(withPaneTowards(withPaneTowards(lower, 'right'), 'left'))).toBe('b');
  });

  it('move their nearest border that lies across the direction, up to a limit', () => {
    expect(placeOf(withPaneResized(three, 'up'), 'b')?.height).toBeCloseTo(0.55);
    expect(placeOf(withPaneResized(three, 'right'), 'b')?.width).toBeCloseTo(0.55);
    expect(placeOf(withPaneResized(withChosen(three, 'c'), 'right'), 'c')?.width).toBeCloseTo(0.45);
    let far: Tabs = three;
    for (let press = 0; press < 40; press += 1) far = withPaneResized(far, 'right');
    expect(placeOf(far, 'c')?.width).toBeCloseTo(0.1);
  });

  it('leave their place and the keyboard to the one they were cut from or into', () => {
    const withoutB = withoutPane(three, 'b');
    expect(placeOf(withoutB, 'a')).toEqual({ left: 0, top: 0, width: 0.5, height: 1 });
    expect(chosenPane(withoutB)).toBe('a');
    expect(chosenPane(withoutPane(withChosen(three, 'c'), 'c'))).toBe('b');
    expect(chosenPane(withoutPane(withChosen(three, 'c'), 'a'))).toBe('c');
  });

  it('are cut only where both halves can be read, zoomed or not', () => {
    const alone = withTab(NO_TABS, 'a');
    expect(hasRoom(alone, { cols: 48, rows: 9 }, 'right')).toBe(true);
    expect(hasRoom(alone, { cols: 47, rows: 40 }, 'right')).toBe(false);
    expect(hasRoom(alone, { cols: 80, rows: 9 }, 'down')).toBe(false);
    expect(hasRoom(three, { cols: 40, rows: 20 }, 'down')).toBe(true);
    // Zoomed it shows all of the rows, of which it has half.
    expect(hasRoom(withZoomTurned(three), { cols: 80, rows: 18 }, 'down')).toBe(false);
  });

  it('are zoomed one at a time, until another is chosen, added or the one is gone', () => {
    const zoomed = withZoomTurned(three);
    expect(frontTab(zoomed)?.zoomed).toBe(true);
    expect(frontTab(withZoomTurned(zoomed))?.zoomed).toBe(false);
    expect(frontTab(withPaneTowards(zoomed, 'up'))).toMatchObject({ zoomed: false, chosen: 'a' });
    expect(frontTab(withPaneBeside(zoomed, 'd', 'down'))?.zoomed).toBe(false);
    expect(frontTab(withoutPane(zoomed, 'b'))?.zoomed).toBe(false);
    expect(frontTab(withoutPane(zoomed, 'a'))).toMatchObject({ zoomed: true, chosen: 'b' });
    expect(withPaneResized(zoomed, 'up')).toBe(zoomed);
    const alone = withTab(NO_TABS, 'a');
    expect(withZoomTurned(alone)).toBe(alone);
  });
});

describe('tabs', () => {
  const two = withTab(three, 'd');

  it('remember which of their panes had the keyboard', () => {
    expect(chosenPane(two)).toBe('d');
    expect(chosenPane(withNextTab(two, 1))).toBe('b');
    expect(chosenPane(withNextTab(two, -1))).toBe('b');
    expect(chosenPane(withChosen(two, 'c'))).toBe('c');
  });

  it('give a pane to another tab, and one of its own', () => {
    const fetched = withPaneFetched(two, 'a', 'right');
    expect(panes(fetched)).toEqual(['bc', 'da']);
    expect(chosenPane(fetched)).toBe('a');
    const last = withPaneFetched(withChosen(two, 'c'), 'd', 'down');
    expect(panes(last)).toEqual(['abcd']);
    expect(withPaneFetched(last, 'a', 'down')).toBe(last);
    const apart = withPaneApart(last);
    expect(panes(apart)).toEqual(['abc', 'd']);
    expect(chosenPane(apart)).toBe('d');
    expect(withPaneApart(apart)).toBe(apart);
  });

  it('close with their last pane; the next is in front then, or the one before', () => {
    expect(chosenPane(withoutPane(two, 'd'))).toBe('b');
    expect(chosenPane(withoutPane(withChosen(withTab(two, 'e'), 'd'), 'd'))).toBe('e');
    expect(panes(withoutPane(two, 'x'))).toEqual(['abc', 'd']);
    expect(withoutPane(withTab(NO_TABS, 'a'), 'a')).toEqual(NO_TABS);
    const behind = withoutPane(withTab(withTab(NO_TABS, 'a'), 'b'), 'a');
    expect(chosenPane(behind)).toBe('b');
  });

  it('keep every pane once, in places that cover all and lie over nothing, whatever is done', () => {
    const directions = fc.constantFrom<Direction>('left', 'right', 'up', 'down');
    const sides = fc.constantFrom('right' as const, 'down' as const);
    const which = fc.nat(20);
    const act = fc.oneof(
      fc.constant({ kind: 'tab' as const }),
      fc.record({ kind: fc.constant('beside' as const), side: sides }),
      fc.record({ kind: fc.constant('close' as const), which }),
      fc.record({ kind: fc.constant('choose' as const), which }),
      fc.record({ kind: fc.constant('fetch' as const), which, side: sides }),
      fc.record({ kind: fc.constant('move' as const), direction: directions }),
      fc.record({ kind: fc.constant('resize' as const), direction: directions }),
      fc.constant({ kind: 'zoom' as const }),
      fc.constant({ kind: 'apart' as const }),
      fc.constant({ kind: 'next' as const }),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        let tabs: Tabs = NO_TABS;
        const open = new Set<string>();
        acts.forEach((each, index) => {
          const added = `p${index}`;
          const some = 'which' in each ? ([...open][each.which % Math.max(1, open.size)] ?? '') : '';
          switch (each.kind) {
            case 'tab':
              tabs = withTab(tabs, added);
              open.add(added);
              break;
            case 'beside':
              tabs = withPaneBeside(tabs, added, each.side);
              open.add(added);
              break;
            case 'close':
              tabs = withoutPane(tabs, some);
              open.delete(some);
              break;
            case 'choose':
              tabs = withChosen(tabs, some);
              break;
            case 'fetch':
              tabs = withPaneFetched(tabs, some, each.side);
              break;
            case 'move':
              tabs = withPaneTowards(tabs, each.direction);
              break;
            case 'resize':
              tabs = withPaneResized(tabs, each.direction);
              break;
            case 'zoom':
              tabs = withZoomTurned(tabs);
              break;
            case 'apart':
              tabs = withPaneApart(tabs);
              break;
            case 'next':
              tabs = withNextTab(tabs, 1);
              break;
          }
          expectSound(tabs, open);
        });
      }),
      { numRuns: 300 },
    );
  });
});

function expectSound(tabs: Tabs, open: ReadonlySet<string>): void {
  const all = tabs.all.flatMap(({ tree }) => keysOf(tree));
  expect(all.toSorted()).toEqual([...open].toSorted());
  expect(frontTab(tabs) === null).toBe(open.size === 0);
  for (const { tree, chosen } of tabs.all) {
    expect(keysOf(tree)).toContain(chosen);
    const places = [...placesOf(tree).values()];
    const area = places.reduce((sum, { width, height }) => sum + width * height, 0);
    expect(area).toBeCloseTo(WHOLE.width * WHOLE.height);
    places.forEach((one, index) => {
      for (const other of places.slice(index + 1)) {
        const wide =
          Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
        const high = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
        expect(wide > 1e-9 && high > 1e-9).toBe(false);
      }
    });
  }
}
