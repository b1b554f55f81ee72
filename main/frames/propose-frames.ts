// By what a client that is new on this computer will be recognised, until the relay's own frame is known.
// Pure: the same names and known frames give the same proposal on every computer, in whatever order they come.
import {
  FRAME_COLOURS,
  FRAME_GLYPHS,
  type FrameColour,
  type FrameGlyph,
  type WorkspaceFrame,
} from '#protocol/workspace-frame.ts';
import { areAlike, distinctPart } from './name-likeness.ts';
import { proposeCodes } from './propose-codes.ts';

/** Of two neighbours in the list, one is the other's outline: those come last. */
const GLYPHS_APART: readonly FrameGlyph[] = [
  ...FRAME_GLYPHS.filter((_, index) => index % 2 === 0),
  ...FRAME_GLYPHS.filter((_, index) => index % 2 === 1),
];

/**
 * A frame for each name, in the names' order. Codes differ from each other and from the known ones; look-alikes,
 * known ones among them, differ in colour while colours last, and in glyph.
 * @param names 1–120 UTF-16 units each
 * @param known frames in use already; they stay as they are
 */
export function proposeFrames(
  names: readonly string[],
  known: readonly WorkspaceFrame[],
): readonly WorkspaceFrame[] {
  const order = [...names.keys()].sort((a, b) => compare(names[a] ?? '', names[b] ?? '') || a - b);
  const sorted = order.map((index) => names[index] ?? '');
  const named = sorted.map((name, index) => ({
    name,
    emphasis: distinctPart(name, [
      ...sorted.filter((_, other) => other !== index),
      ...known.map((frame) => frame.name),
    ]),
  }));
  const codes = proposeCodes(named, new Set(known.map(({ code }) => code)));
  const frames: WorkspaceFrame[] = [];
  for (const [index, { name, emphasis }] of named.entries()) {
    const others = [...known, ...frames];
    const alike = others.filter((other) => areAlike(name, other.name));
    const colour = leastUsed(FRAME_COLOURS, (frame): FrameColour => frame.colour, [alike, others]);
    const sameColour = alike.filter((other) => other.colour === colour);
    const glyph = leastUsed(GLYPHS_APART, (frame): FrameGlyph => frame.glyph, [alike, sameColour, others]);
    frames.push({ colour, glyph, code: codes[index] ?? '', name, emphasis: [...emphasis] });
  }
  return names.map((_, index) => {
    const frame = frames[order.indexOf(index)];
    if (frame === undefined) throw new Error('a name was lost');
    return frame;
  });
}

/** The one that fewest of the first group have; where several do, fewest of the second, and so on; else the first. */
function leastUsed<T>(
  choices: readonly T[],
  of: (frame: WorkspaceFrame) => T,
  groups: readonly (readonly WorkspaceFrame[])[],
): T {
  const uses = new Map(
    choices.map((choice) => [
      choice,
      groups.map((group) => group.filter((frame) => of(frame) === choice).length),
    ]),
  );
  const difference = (a: T, b: T): number =>
    groups
      .map((_, index) => (uses.get(a)?.[index] ?? 0) - (uses.get(b)?.[index] ?? 0))
      .find((each) => each !== 0) ?? 0;
  const [best] = choices.toSorted(difference);
  if (best === undefined) throw new Error('nothing to choose from');
  return best;
}

/** By code units: the same everywhere, whatever the language of the computer. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
