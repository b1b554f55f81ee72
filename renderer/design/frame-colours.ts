import type { CSSProperties } from 'react';
import type { Oklch } from '#protocol/look/colour-vision.ts';
import { FRAME_OKLCH, inkOn } from '#protocol/look/frame-colours.ts';
import type { FrameColour } from '#protocol/workspace-frame.ts';

const css = ([lightness, chroma, hue]: Oklch) => `oklch(${lightness} ${chroma} ${hue})`;

/** Custom properties for everything inside: `--frame` and `--frame-ink`, the ink on a filled area. */
export function frameStyle(colour: FrameColour): CSSProperties {
  const properties: Record<`--${string}`, string> = {
    '--frame': css(FRAME_OKLCH[colour]),
    '--frame-ink': css(inkOn(colour)),
  };
  return properties;
}
