import { describe, expect, it } from 'vitest';
import { FRAME_COLOURS } from '#protocol/workspace-frame.ts';
import { VISIONS, contrast, distance, linearRgb } from './colour-vision.ts';
import { FRAME_OKLCH, GROUND, inkOn } from './frame-colours.ts';

const pairs = FRAME_COLOURS.flatMap((one, index) =>
  FRAME_COLOURS.slice(index + 1).map((other) => [one, other] as const),
);

describe('frame colours', () => {
  it.each(VISIONS)('stay 0.142 ΔE_OK apart in %s vision', (vision) => {
    const close = pairs
      .map(([one, other]) => ({ one, other, apart: distance(vision, FRAME_OKLCH[one], FRAME_OKLCH[other]) }))
      .filter(({ apart }) => apart < 0.142);
    expect(close).toEqual([]);
  });

  it.each(FRAME_COLOURS)('%s can be shown, read on the ground and written on', (colour) => {
    const value = FRAME_OKLCH[colour];
    for (const channel of linearRgb(value)) {
      expect(channel).toBeGreaterThanOrEqual(-0.002);
      expect(channel).toBeLessThanOrEqual(1.002);
    }
    expect(contrast(value, GROUND)).toBeGreaterThanOrEqual(3);
    expect(contrast(value, inkOn(colour))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(FRAME_COLOURS)('%s is not the red of what destroys', (colour) => {
    expect(distance('normal', FRAME_OKLCH[colour], [0.68, 0.19, 25])).toBeGreaterThan(0.12);
  });
});
