import { describe, expect, it } from 'vitest';
import { frameDoubt, frameFigures } from './frame-doubts.ts';

const primary = { colour: 'amber', glyph: 'shield', code: 'DCP', alike: true } as const;
const legal = { colour: 'violet', glyph: 'star', code: 'NHL', alike: false } as const;
const others = [primary, legal];

describe('frameDoubt', () => {
  it('refuses a code in use, another client’s marks, and a look-alike’s colour; and nothing else', () => {
    const free = { colour: 'sky', glyph: 'hexagon', code: 'DCW' } as const;
    expect(frameDoubt(free, others)).toBeNull();
    expect(frameDoubt({ ...free, colour: 'violet' }, others)).toBeNull();
    expect(frameDoubt({ ...free, code: 'NHL' }, others)).toEqual({ kind: 'code_taken' });
    expect(frameDoubt({ ...free, colour: 'violet', glyph: 'star' }, others)).toEqual({
      kind: 'marks_taken',
      code: 'NHL',
    });
    expect(frameDoubt({ ...free, colour: 'amber' }, others)).toEqual({
      kind: 'colour_of_look_alike',
      code: 'DCP',
    });
  });

  it('says how well a colour is seen, and how far from the look-alikes alone', () => {
    const { onPlate, ink, apart } = frameFigures({ colour: 'violet' }, others);
    expect(onPlate).toBeGreaterThan(6);
    expect(ink).toBeGreaterThan(6);
    // Amber and violet are the closest to a tritan eye.
    expect(apart).toBeCloseTo(0.146, 3);
    expect(frameFigures({ colour: 'violet' }, [legal]).apart).toBeNull();
  });
});
