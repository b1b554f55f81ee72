import { describe, expect, it } from 'vitest';
import { FRAME_COLOURS } from '#protocol/workspace-frame.ts';
import { VISIONS, contrast, distance, linearRgb } from '#protocol/look/colour-vision.ts';
import { FRAME_OKLCH, PLATE, inkOn, leastApart } from '#protocol/look/frame-colours.ts';

const pairs = FRAME_COLOURS.flatMap((one, index) =>
  FRAME_COLOURS.slice(index + 1).map((other) => [one, other] as const),
);
const say = (line: string) => process.stdout.write(`${line}\n`);

describe('frame colours', () => {
  it.each(VISIONS)('stay 0.142 ΔE_OK apart in %s vision', (vision) => {
    const apart = pairs
      .map(([one, other]) => ({
        pair: `${one} and ${other}`,
        by: distance(vision, FRAME_OKLCH[one], FRAME_OKLCH[other]),
      }))
      .sort((a, b) => a.by - b.by);
    const [closest] = apart;
    say(`${vision}: closest are ${closest?.pair}, ${closest?.by.toFixed(3)} ΔE_OK apart`);
    expect(apart).toHaveLength(28);
    expect(apart.filter(({ by }) => by < 0.142)).toEqual([]);
  });

  it('are as far apart as the eye that tells them apart worst sees them', () => {
    for (const [one, other] of pairs)
      for (const vision of VISIONS)
        expect(leastApart(one, other)).toBeLessThanOrEqual(
          distance(vision, FRAME_OKLCH[one], FRAME_OKLCH[other]),
        );
  });

  it.each(FRAME_COLOURS)('%s can be shown, read on its plate and written on', (colour) => {
    const value = FRAME_OKLCH[colour];
    for (const channel of linearRgb(value)) {
      expect(channel).toBeGreaterThanOrEqual(-0.002);
      expect(channel).toBeLessThanOrEqual(1.002);
    }
    const [frame, text] = [contrast(value, PLATE), contrast(value, inkOn(colour))];
    say(`${colour}: ${frame.toFixed(2)}:1 on its plate, text on it ${text.toFixed(2)}:1`);
    expect(frame).toBeGreaterThanOrEqual(3);
    expect(text).toBeGreaterThanOrEqual(4.5);
  });

  it.each(FRAME_COLOURS)('%s is not the red of what destroys', (colour) => {
    expect(distance('normal', FRAME_OKLCH[colour], [0.68, 0.19, 25])).toBeGreaterThan(0.12);
  });
});
