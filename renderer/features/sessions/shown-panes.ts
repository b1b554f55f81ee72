import { WHOLE, paneTowards, placesOf } from './pane-tree.ts';
import type { Direction, Place } from './pane-tree.ts';
import { frontTab } from './tabs.ts';
import type { Tabs } from './tabs.ts';

/** How one pane of the tab in front stands there. */
export interface ShownPane {
  readonly place: Place;
  /** It has the keyboard. */
  readonly chosen: boolean;
  /** False: another has the place of all. */
  readonly visible: boolean;
  /** Of its tab. */
  readonly panes: number;
  readonly zoomed: boolean;
  /** Where it lies from the chosen one, if it is next to it. */
  readonly towards: Direction | null;
}

const DIRECTIONS: readonly Direction[] = ['left', 'right', 'up', 'down'];

/** By key, of the tab in front. A pane behind a zoomed one keeps its place, so that nothing there changes its size. */
export function shownPanes(tabs: Tabs): ReadonlyMap<string, ShownPane> {
  const tab = frontTab(tabs);
  if (tab === null) return new Map();
  const { tree, chosen, zoomed } = tab;
  const places = placesOf(tree);
  const next = new Map(
    DIRECTIONS.map((direction) => [paneTowards(tree, chosen, direction), direction] as const),
  );
  return new Map(
    [...places].map(([key, place]) => [
      key,
      {
        place: zoomed && key === chosen ? WHOLE : place,
        chosen: key === chosen,
        visible: !zoomed || key === chosen,
        panes: places.size,
        zoomed,
        towards: next.get(key) ?? null,
      },
    ]),
  );
}
