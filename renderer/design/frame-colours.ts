// The eight frame colours: found by search for the largest smallest difference over normal, protan, deutan and
// tritan vision (0.146 ΔE_OK), each at least 3:1 on the ground. A change must keep frame-colours.test.ts green,
// and no client is ever recoloured.
import type { CSSProperties } from 'react';
import type { FrameColour } from '#protocol/workspace-frame.ts';
import type { Oklch } from './colour-vision.ts';

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
export const GROUND: Oklch = [0.178, 0.011, 264];

const css = ([lightness, chroma, hue]: Oklch) => `oklch(${lightness} ${chroma} ${hue})`;

/** Light ink on the two dark colours, dark ink on the rest. */
export function inkOn(colour: FrameColour): Oklch {
  return FRAME_OKLCH[colour][0] < 0.6 ? INK_LIGHT : INK_DARK;
}

/** Custom properties for everything inside: `--frame` and `--frame-ink`, the ink on a filled area. */
export function frameStyle(colour: FrameColour): CSSProperties {
  const properties: Record<`--${string}`, string> = {
    '--frame': css(FRAME_OKLCH[colour]),
    '--frame-ink': css(inkOn(colour)),
  };
  return properties;
}
