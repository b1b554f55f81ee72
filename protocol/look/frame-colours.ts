// The eight frame colours: found by search for the largest smallest difference over normal, protan, deutan and
// tritan vision (0.146 ΔE_OK), each at least 3:1 on the dark plate that every frame stands on, in both themes. A
// change must keep frame-colours.test.ts green, and no client is ever recoloured.
import { FRAME_COLOURS, type FrameColour } from '../workspace-frame.ts';
import { distance, VISIONS, type Oklch } from './colour-vision.ts';

export const FRAME_OKLCH: Readonly<Record<FrameColour, Oklch>> = {
  teal: [0.706, 0.102, 178.2],
  amber: [0.672, 0.148, 67],
  violet: [0.699, 0.179, 300.5],
  lime: [0.821, 0.19, 118.2],
  sky: [0.836, 0.133, 215],
  rose: [0.55, 0.214, 350.5],
  sand: [0.97, 0.064, 104.9],
  indigo: [0.53, 0.21, 288],
};

/** The darkest ink and the lightest: what stands on a filled frame colour. */
export const INK_DARK: Oklch = [0.16, 0.015, 264];
export const INK_LIGHT: Oklch = [0.99, 0.003, 264];
/** What a frame stands on, whatever the theme. */
export const PLATE: Oklch = [0.178, 0.011, 264];

/** Light ink on the two dark colours, dark ink on the rest. */
export function inkOn(colour: FrameColour): Oklch {
  return FRAME_OKLCH[colour][0] < 0.6 ? INK_LIGHT : INK_DARK;
}

const APART = new Map(
  FRAME_COLOURS.map((one) => [
    one,
    new Map(
      FRAME_COLOURS.map((other) => [
        other,
        Math.min(...VISIONS.map((vision) => distance(vision, FRAME_OKLCH[one], FRAME_OKLCH[other]))),
      ]),
    ),
  ]),
);

/** How far two frame colours are apart for the eye that tells them apart worst (ΔE_OK). */
export function leastApart(one: FrameColour, other: FrameColour): number {
  return APART.get(one)?.get(other) ?? 0;
}
