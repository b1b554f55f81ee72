// Colours for names of which some are look-alikes: a graph to colour, with colours at unequal distances.
import { leastApart } from '#protocol/look/frame-colours.ts';
import { FRAME_COLOURS, FRAME_GLYPHS, type FrameColour } from '#protocol/workspace-frame.ts';

/** A name to be coloured, by its place; `colour` is set for one that has its colour for good. */
export interface Placed {
  readonly colour: FrameColour | null;
  /** Places of its look-alikes. */
  readonly alike: readonly number[];
}

/**
 * What a colour gives up for each name that has it already, in ΔE_OK: enough to spend the palette evenly over 200
 * names, too little to bring two look-alikes near each other.
 */
const COST_OF_USE = 0.004;
/** For one look-alike of the same colour; more than any distance or use. */
const COST_OF_SHARING = 10;
/** More names than glyphs in one colour: two of them would be told apart by nothing but their codes. */
const COST_OF_CROWDING = 100;
/** Steps without fewer clashes than ever before, after which more look-alikes are there than colours. */
const VAIN_STEPS_MAX = 200;
/** For how many steps a name may not go back to a colour that it has just left. */
const NO_RETURN = 8;

/** Look-alikes share no colour while that can be had, and are as far apart as the palette allows. */
export function assignColours(names: readonly Placed[]): readonly FrameColour[] {
  const colours = names.map(({ colour }) => colour);
  const uses = new Map(
    FRAME_COLOURS.map((colour) => [colour, colours.filter((each) => each === colour).length]),
  );
  const put = (index: number, colour: FrameColour): void => {
    const before = colours[index] ?? null;
    if (before !== null) uses.set(before, (uses.get(before) ?? 0) - 1);
    uses.set(colour, (uses.get(colour) ?? 0) + 1);
    colours[index] = colour;
  };
  const nearOf = (index: number) => (names[index]?.alike ?? []).flatMap((other) => colours[other] ?? []);
  const cost = (index: number, colour: FrameColour): number => {
    const apart = nearOf(index).map((other) => (other === colour ? 0 : leastApart(colour, other)));
    const shared = apart.filter((each) => each === 0).length;
    const used = (uses.get(colour) ?? 0) - (colours[index] === colour ? 1 : 0);
    return (
      (used >= FRAME_GLYPHS.length ? COST_OF_CROWDING : 0) +
      shared * COST_OF_SHARING +
      used * COST_OF_USE -
      Math.min(1, ...apart.filter((each) => each > 0))
    );
  };
  const cheapest = (index: number, choices: readonly FrameColour[]): FrameColour | undefined =>
    choices
      .map((colour) => ({ colour, cost: cost(index, colour) }))
      .reduce<{ colour: FrameColour; cost: number } | undefined>(
        (best, each) => (best === undefined || each.cost < best.cost ? each : best),
        undefined,
      )?.colour;

  const free = [...names.keys()].filter((index) => names[index]?.colour === null);
  placeHardestFirst(free, names, nearOf, (index) => put(index, cheapest(index, FRAME_COLOURS) ?? 'teal'));
  repair(free, nearOf, colours, put, cheapest);
  return colours.map((colour) => colour ?? 'teal');
}

/** First whose look-alikes have the most colours already, then who has the most look-alikes (DSATUR). */
function placeHardestFirst(
  free: readonly number[],
  names: readonly Placed[],
  nearOf: (index: number) => readonly FrameColour[],
  place: (index: number) => void,
): void {
  const left = new Set(free);
  while (left.size > 0) {
    const rank = (index: number) => new Set(nearOf(index)).size * 10_000 + (names[index]?.alike.length ?? 0);
    const next = [...left]
      .map((index) => ({ index, rank: rank(index) }))
      .reduce((a, b) => (b.rank > a.rank ? b : a));
    left.delete(next.index);
    place(next.index);
  }
}

/**
 * Names that share a colour with a look-alike move on, one at a time and never straight back (tabu search). Where
 * there are more look-alikes than colours, the fewest clashes found stand.
 */
function repair(
  free: readonly number[],
  nearOf: (index: number) => readonly FrameColour[],
  colours: readonly (FrameColour | null)[],
  put: (index: number, colour: FrameColour) => void,
  cheapest: (index: number, choices: readonly FrameColour[]) => FrameColour | undefined,
): void {
  const leftAt = new Map<string, number>();
  let best = { clashes: Infinity, colours: [...colours], atStep: 0 };
  for (let step = 0; step - best.atStep < VAIN_STEPS_MAX; step += 1) {
    const clashing = free.filter((index) => nearOf(index).some((colour) => colour === colours[index]));
    if (clashing.length < best.clashes)
      best = { clashes: clashing.length, colours: [...colours], atStep: step };
    const index = clashing[step % clashing.length];
    if (index === undefined) return;
    leftAt.set(`${index} ${colours[index]}`, step);
    const isOpen = (colour: FrameColour) =>
      step - (leftAt.get(`${index} ${colour}`) ?? -NO_RETURN) >= NO_RETURN;
    const next = cheapest(index, FRAME_COLOURS.filter(isOpen));
    if (next !== undefined) put(index, next);
  }
  for (const index of free) {
    const colour = best.colours[index] ?? null;
    if (colour !== null) put(index, colour);
  }
}
