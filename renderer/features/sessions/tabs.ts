// Tabs, each with panes of which one has the keyboard; a pane is in one tab. All of it values: what is shown and what
// is typed into are read from the same.
import type { TerminalSize } from '#protocol/control/verbs.ts';
import {
  WHOLE,
  heirOf,
  keysOf,
  pane,
  paneTowards,
  placesOf,
  withBorderMoved,
  withCut,
  without,
} from './pane-tree.ts';
import type { Direction, PaneTree, Side } from './pane-tree.ts';

export interface Tab {
  readonly tree: PaneTree;
  /** The pane that has the keyboard when this tab is in front. */
  readonly chosen: string;
  /** The chosen pane has the place of all. */
  readonly zoomed: boolean;
}

export interface Tabs {
  readonly all: readonly Tab[];
  /** Index of the tab in front; -1 when there is none. */
  readonly front: number;
}

export const NO_TABS: Tabs = { all: [], front: -1 };
/** Of what a border cuts, for one press of a key. */
const BORDER_STEP = 0.05;
/** Half of what is cut must still show a prompt and a few lines. */
const LEAST_SIZE: TerminalSize = { cols: 24, rows: 5 };

export function frontTab({ all, front }: Tabs): Tab | null {
  return all[front] ?? null;
}

/** The pane that has the keyboard. */
export function chosenPane(tabs: Tabs): string | null {
  return frontTab(tabs)?.chosen ?? null;
}

/** The chosen pane can be cut in two. `size`: of its terminal as it is shown now. */
export function hasRoom(tabs: Tabs, size: TerminalSize, side: Side): boolean {
  const tab = frontTab(tabs);
  const { width, height } = (tab?.zoomed === true ? placesOf(tab.tree).get(tab.chosen) : null) ?? WHOLE;
  return side === 'right'
    ? (size.cols * width) / 2 >= LEAST_SIZE.cols
    : (size.rows * height) / 2 >= LEAST_SIZE.rows;
}

export function withTab({ all }: Tabs, key: string): Tabs {
  return { all: [...all, { tree: pane(key), chosen: key, zoomed: false }], front: all.length };
}

/** A new pane beside the chosen one, in a tab of its own where there is none. */
export function withPaneBeside(tabs: Tabs, key: string, side: Side): Tabs {
  const tab = frontTab(tabs);
  if (tab === null) return withTab(tabs, key);
  return changed(tabs, { tree: withCut(tab.tree, tab.chosen, key, side), chosen: key, zoomed: false });
}

export function withoutPane(tabs: Tabs, key: string): Tabs {
  const at = indexOf(tabs, key);
  const tab = tabs.all[at];
  if (tab === undefined) return tabs;
  const tree = without(tab.tree, key);
  if (tree !== null) {
    const chosen = tab.chosen === key ? (heirOf(tab.tree, key) ?? tab.chosen) : tab.chosen;
    const all = tabs.all.with(at, { tree, chosen, zoomed: tab.zoomed && tab.chosen !== key });
    return { all, front: tabs.front };
  }
  const all = tabs.all.filter((other) => other !== tab);
  // The tab that takes its place, or the one before at the end.
  const front = tabs.front > at ? tabs.front - 1 : tabs.front;
  return { all, front: Math.min(front, all.length - 1) };
}

/** Brings its tab to the front and gives it the keyboard. */
export function withChosen(tabs: Tabs, key: string): Tabs {
  const front = indexOf(tabs, key);
  const tab = tabs.all[front];
  if (tab === undefined || (front === tabs.front && tab.chosen === key)) return tabs;
  return changed({ ...tabs, front }, { ...tab, chosen: key, zoomed: tab.zoomed && tab.chosen === key });
}

export function withNextTab({ all, front }: Tabs, by: 1 | -1): Tabs {
  return all.length === 0 ? NO_TABS : { all, front: (front + by + all.length) % all.length };
}

export function withPaneTowards(tabs: Tabs, direction: Direction): Tabs {
  const tab = frontTab(tabs);
  const next = tab === null ? null : paneTowards(tab.tree, tab.chosen, direction);
  return next === null ? tabs : withChosen(tabs, next);
}

export function withPaneResized(tabs: Tabs, direction: Direction): Tabs {
  const tab = frontTab(tabs);
  if (tab === null || tab.zoomed) return tabs;
  return changed(tabs, { ...tab, tree: withBorderMoved(tab.tree, tab.chosen, direction, BORDER_STEP) });
}

/** One pane alone has the whole place already. */
export function withZoomTurned(tabs: Tabs): Tabs {
  const tab = frontTab(tabs);
  if (tab === null || tab.tree.kind === 'pane') return tabs;
  return changed(tabs, { ...tab, zoomed: !tab.zoomed });
}

/** The pane of another tab comes beside the chosen one. */
export function withPaneFetched(tabs: Tabs, key: string, side: Side): Tabs {
  const tab = frontTab(tabs);
  if (tab === null || keysOf(tab.tree).includes(key)) return tabs;
  const left = withoutPane(tabs, key);
  return withPaneBeside(withChosen(left, tab.chosen), key, side);
}

/** The chosen pane goes into a tab of its own, unless it has one. */
export function withPaneApart(tabs: Tabs): Tabs {
  const tab = frontTab(tabs);
  if (tab === null || tab.tree.kind === 'pane') return tabs;
  return withTab(withoutPane(tabs, tab.chosen), tab.chosen);
}

function changed({ all, front }: Tabs, tab: Tab): Tabs {
  return { all: all.with(front, tab), front };
}

function indexOf({ all }: Tabs, key: string): number {
  return all.findIndex(({ tree }) => keysOf(tree).includes(key));
}
