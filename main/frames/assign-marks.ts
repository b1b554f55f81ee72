// Colour and glyph for each of many names: look-alikes as far apart as the palette allows, and no two names the same.
import { FRAME_GLYPHS, type FrameGlyph, type WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { assignColours } from './assign-colours.ts';
import { lookAlikes } from './name-likeness.ts';

export type Marks = Pick<WorkspaceFrame, 'colour' | 'glyph'>;

/** Of two neighbours in the list, one is the other's outline: those come last. */
const GLYPHS_APART: readonly FrameGlyph[] = [
  ...FRAME_GLYPHS.filter((_, index) => index % 2 === 0),
  ...FRAME_GLYPHS.filter((_, index) => index % 2 === 1),
];

/**
 * @param names in an order that does not depend on where they came from: the same names then get the same marks
 * @param known keep theirs
 */
export function assignMarks(
  names: readonly string[],
  known: readonly Pick<WorkspaceFrame, 'name' | 'colour' | 'glyph'>[],
): readonly Marks[] {
  const all = [...known.map(({ name }) => name), ...names];
  const alike = lookAlikes(all);
  const colours = assignColours(
    all.map((_, index) => ({ colour: known[index]?.colour ?? null, alike: alike[index] ?? [] })),
  );
  const glyphs: FrameGlyph[] = known.map(({ glyph }) => glyph);
  for (const index of all.keys()) {
    if (index < known.length) continue;
    const sameColour = glyphs.filter((_, other) => colours[other] === colours[index]);
    const near = (alike[index] ?? []).flatMap((other) => glyphs[other] ?? []);
    glyphs.push(leastUsed([sameColour, near, glyphs]));
  }
  return names.map((_, index) => {
    const [colour, glyph] = [colours[known.length + index], glyphs[known.length + index]];
    if (colour === undefined || glyph === undefined) throw new Error('a name has no marks');
    return { colour, glyph };
  });
}

/** The glyph that comes least often in the first group; of several, least often in the next, and so on. */
function leastUsed(groups: readonly (readonly FrameGlyph[])[]): FrameGlyph {
  let choices = GLYPHS_APART;
  for (const group of groups) {
    const uses = choices.map((glyph) => group.filter((each) => each === glyph).length);
    const least = Math.min(...uses);
    choices = choices.filter((_, index) => uses[index] === least);
  }
  const [glyph] = choices;
  if (glyph === undefined) throw new Error('there are no glyphs');
  return glyph;
}
