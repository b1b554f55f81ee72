import { describe, expect, it } from 'vitest';
import { GLYPH_SHAPES } from '#protocol/look/glyph-shapes.ts';
import { FRAME_COLOURS, FRAME_GLYPHS } from '#protocol/workspace-frame.ts';
import { crossings, flattenPath, isInside } from './flatten-path.ts';
import { frameIcon } from './frame-icon.ts';

const covered = (glyph: (typeof FRAME_GLYPHS)[number]) => {
  const shape = flattenPath(GLYPH_SHAPES[glyph]);
  const rows = Array.from({ length: 48 }, (_, row) => crossings(shape, (row + 0.5) / 2));
  const grid = Array.from({ length: 48 * 48 }, (_, index) =>
    isInside(rows[Math.floor(index / 48)] ?? [], ((index % 48) + 0.5) / 2),
  );
  return grid.filter(Boolean).length / grid.length;
};

describe('frameIcon', () => {
  it('draws curves, arcs and holes where they are', () => {
    // A disc of radius 9 and a ring of radii 10 and 5, in a box of 24.
    expect(covered('circle')).toBeCloseTo((Math.PI * 81) / 576, 2);
    expect(covered('ring')).toBeCloseTo((Math.PI * 75) / 576, 2);
    expect(covered('square')).toBeCloseTo(256 / 576, 2);
    for (const glyph of FRAME_GLYPHS) {
      expect(covered(glyph), glyph).toBeGreaterThan(0.12);
      expect(covered(glyph), glyph).toBeLessThan(0.75);
    }
  });

  it('takes the arc that is meant, of the four that join two points', () => {
    const holds = (glyph: (typeof FRAME_GLYPHS)[number], x: number, y: number) =>
      isInside(crossings(flattenPath(GLYPH_SHAPES[glyph]), y), x);
    // A crescent open to the upper right, and a disc of which the right half is cut out.
    expect([holds('moon', 5, 13), holds('moon', 12, 20), holds('moon', 17, 9)]).toEqual([true, true, false]);
    expect([holds('half', 6, 12), holds('half', 16, 12), holds('half', 21, 12)]).toEqual([true, false, true]);
  });

  it('differs for every colour and every glyph, and is solid inside its corners', () => {
    const icons = FRAME_GLYPHS.map((glyph) => frameIcon({ colour: 'sky', glyph }).bgra.toString('base64'));
    expect(new Set(icons).size).toBe(FRAME_GLYPHS.length);
    const colours = FRAME_COLOURS.map((colour) => frameIcon({ colour, glyph: 'star' }));
    expect(new Set(colours.map(({ bgra }) => bgra.toString('base64'))).size).toBe(FRAME_COLOURS.length);
    for (const { bgra, size } of colours) {
      expect(bgra[3]).toBe(0);
      // Premultiplied: where it ends, there is as much of the dark edge as there is of the pixel, and no halo.
      const edge = bgra.subarray(size * (size / 2) * 4);
      for (let at = 0; at < bgra.length; at += 4) {
        const part = (bgra[at + 3] ?? 0) / 255;
        if (part === 1) continue;
        for (const channel of [0, 1, 2])
          expect(Math.abs((bgra[at + channel] ?? 0) - part * (edge[channel] ?? 0))).toBeLessThanOrEqual(1);
      }
      expect(bgra[(size * (size / 2) + size / 2) * 4 + 3]).toBe(255);
    }
  });
});
