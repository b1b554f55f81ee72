// How the panes of one tab share its place: a tree that cuts it in two, again and again. A pane is known by its key.
// Nothing here draws; places are fractions of the whole.

export type Direction = 'left' | 'right' | 'up' | 'down';
/** Where a new pane goes, seen from the one that is cut. */
export type Side = Extract<Direction, 'right' | 'down'>;

export type PaneTree =
  | { readonly kind: 'pane'; readonly key: string }
  | {
      readonly kind: 'cut';
      /** Where the second lies, seen from the first. */
      readonly side: Side;
      /** Of the first, between 0 and 1. */
      readonly share: number;
      readonly first: PaneTree;
      readonly second: PaneTree;
    };

type Cut = Extract<PaneTree, { kind: 'cut' }>;

/** Fractions of the whole. */
export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export const WHOLE: Place = { left: 0, top: 0, width: 1, height: 1 };
/** No border is moved nearer than this to an edge of what it cuts. */
const LEAST_SHARE = 0.1;
/** Edges that should meet differ by what rounding leaves. */
const NEARLY = 1e-6;

export function pane(key: string): PaneTree {
  return { kind: 'pane', key };
}

/** From left to right, from top to bottom. */
export function keysOf(tree: PaneTree): readonly string[] {
  return tree.kind === 'pane' ? [tree.key] : [...keysOf(tree.first), ...keysOf(tree.second)];
}

/** Half of the pane `key` becomes the pane `added`. */
export function withCut(tree: PaneTree, key: string, added: string, side: Side): PaneTree {
  if (tree.kind === 'pane') {
    if (tree.key !== key) return tree;
    return { kind: 'cut', side, share: 0.5, first: tree, second: pane(added) };
  }
  return {
    ...tree,
    first: withCut(tree.first, key, added, side),
    second: withCut(tree.second, key, added, side),
  };
}

/** What it was cut from has its place again; null: it was the last. */
export function without(tree: PaneTree, key: string): PaneTree | null {
  if (tree.kind === 'pane') return tree.key === key ? null : tree;
  const first = without(tree.first, key);
  const second = without(tree.second, key);
  if (first === null) return second;
  return second === null ? first : { ...tree, first, second };
}

/** The pane that lies where `key` lay, once `key` is gone; null: there is none. */
export function heirOf(tree: PaneTree, key: string): string | null {
  if (tree.kind === 'pane') return null;
  const { first, second } = tree;
  if (first.kind === 'pane' && first.key === key) return keysOf(second)[0] ?? null;
  if (second.kind === 'pane' && second.key === key) return keysOf(first).at(-1) ?? null;
  return heirOf(keysOf(first).includes(key) ? first : second, key);
}

export function placesOf(tree: PaneTree, within: Place = WHOLE): ReadonlyMap<string, Place> {
  if (tree.kind === 'pane') return new Map([[tree.key, within]]);
  const [first, second] = halvesOf(tree, within);
  return new Map([...placesOf(tree.first, first), ...placesOf(tree.second, second)]);
}

function halvesOf({ side, share }: Cut, { left, top, width, height }: Place): readonly [Place, Place] {
  if (side === 'right') {
    const cut = width * share;
    return [
      { left, top, width: cut, height },
      { left: left + cut, top, width: width - cut, height },
    ];
  }
  const cut = height * share;
  return [
    { left, top, width, height: cut },
    { left, top: top + cut, width, height: height - cut },
  ];
}

/** The pane across the border that lies in this direction; of several, the one with the longest common border. */
export function paneTowards(tree: PaneTree, key: string, direction: Direction): string | null {
  const places = placesOf(tree);
  const from = places.get(key);
  if (from === undefined) return null;
  let best: { key: string; common: number } | null = null;
  for (const [other, place] of places) {
    if (!meets(from, place, direction)) continue;
    const common = commonBorder(from, place, direction);
    if (common > NEARLY && (best === null || common > best.common + NEARLY)) best = { key: other, common };
  }
  return best?.key ?? null;
}

function meets(from: Place, to: Place, direction: Direction): boolean {
  switch (direction) {
    case 'left':
      return Math.abs(to.left + to.width - from.left) < NEARLY;
    case 'right':
      return Math.abs(from.left + from.width - to.left) < NEARLY;
    case 'up':
      return Math.abs(to.top + to.height - from.top) < NEARLY;
    case 'down':
      return Math.abs(from.top + from.height - to.top) < NEARLY;
  }
}

function commonBorder(one: Place, other: Place, direction: Direction): number {
  return isSideways(direction)
    ? Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top)
    : Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
}

/** Moves the border nearest to this pane that can move in this direction, by a fraction of what it cuts. */
export function withBorderMoved(tree: PaneTree, key: string, direction: Direction, by: number): PaneTree {
  if (tree.kind === 'pane') return tree;
  const half = keysOf(tree.first).includes(key) ? 'first' : 'second';
  const moved = withBorderMoved(tree[half], key, direction, by);
  if (moved !== tree[half]) return { ...tree, [half]: moved };
  if ((tree.side === 'right') !== isSideways(direction)) return tree;
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  const share = Math.min(1 - LEAST_SHARE, Math.max(LEAST_SHARE, tree.share + sign * by));
  return share === tree.share ? tree : { ...tree, share };
}

function isSideways(direction: Direction): boolean {
  return direction === 'left' || direction === 'right';
}
