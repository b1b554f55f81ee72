// What speaks against a frame for a client, given the others that the same people work for.
import type { WorkspaceFrame } from '../workspace-frame.ts';
import { contrast } from './colour-vision.ts';
import { FRAME_OKLCH, inkOn, leastApart, PLATE } from './frame-colours.ts';

export type Marks = Pick<WorkspaceFrame, 'colour' | 'glyph' | 'code'>;

/** Another client, and whether its name is easily taken for this one's. */
export interface Neighbour extends Marks {
  readonly alike: boolean;
}

export type FrameDoubt =
  | { readonly kind: 'code_taken' }
  | { readonly kind: 'marks_taken' | 'colour_of_look_alike'; readonly code: string };

/** Null: nothing does. The first one counts. */
export function frameDoubt(marks: Marks, others: readonly Neighbour[]): FrameDoubt | null {
  if (others.some(({ code }) => code === marks.code)) return { kind: 'code_taken' };
  const twin = others.find(({ colour, glyph }) => colour === marks.colour && glyph === marks.glyph);
  if (twin !== undefined) return { kind: 'marks_taken', code: twin.code };
  const near = others.find(({ alike, colour }) => alike && colour === marks.colour);
  return near === undefined ? null : { kind: 'colour_of_look_alike', code: near.code };
}

/** Contrast with the plate and of the ink on it, and the distance to the nearest look-alike (ΔE_OK); null: none. */
export function frameFigures(
  { colour }: Pick<Marks, 'colour'>,
  others: readonly Neighbour[],
): { readonly onPlate: number; readonly ink: number; readonly apart: number | null } {
  const apart = others.filter(({ alike }) => alike).map((other) => leastApart(colour, other.colour));
  return {
    onPlate: contrast(FRAME_OKLCH[colour], PLATE),
    ink: contrast(FRAME_OKLCH[colour], inkOn(colour)),
    apart: apart.length === 0 ? null : Math.min(...apart),
  };
}
