import { describe, expect, it } from 'vitest';
import { FRAME_COLOURS, FRAME_GLYPHS, WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { proposeFrames } from './propose-frames.ts';

const shown = ({ code, name, emphasis: [from, to] }: WorkspaceFrame) =>
  `${code} ${name.slice(0, from)}[${name.slice(from, to)}]${name.slice(to)}`;
const proposed = (names: readonly string[], known: readonly WorkspaceFrame[] = []) =>
  proposeFrames(names, known).map(shown);

describe('proposeFrames', () => {
  it('emphasises the words that tell a name from its nearest look-alikes', () => {
    expect(proposed(['DentalCare_Primary', 'DentalCare_Westside', 'Harbour Freight'])).toEqual([
      'DCP DentalCare_[Primary]',
      'DCW DentalCare_[Westside]',
      'HF [Harbour Freight]',
    ]);
    expect(proposed(['St. Mary North Clinic', 'St. Mary South Clinic', 'Acme'])).toEqual([
      'SMNC St. Mary [North] Clinic',
      'SMSC St. Mary [South] Clinic',
      'ACME [Acme]',
    ]);
    // One is the beginning of the other: nothing of it is its own, so all of it counts.
    expect(proposed(['DentalCare', 'DentalCare_West'])).toEqual(['DC [DentalCare]', 'DCW DentalCare_[West]']);
  });

  it('gives look-alikes with the same initials codes that say what is distinct, and none the shared one', () => {
    expect(proposed(['DentalCare_Westside', 'DentalCare_Woodbury'])).toEqual([
      'DCWE DentalCare_[Westside]',
      'DCWO DentalCare_[Woodbury]',
    ]);
  });

  it('leaves known frames alone and takes none of their codes, nor a look-alike’s colour or glyph', () => {
    const known = WorkspaceFrame.parse({
      colour: 'teal',
      glyph: 'circle',
      code: 'DCP',
      name: 'DentalCare_Westside',
      emphasis: [11, 19],
    });
    const [frame] = proposeFrames(['DentalCare_Primary'], [known]);
    expect(frame?.code).toBe('DCPR');
    expect(frame?.colour).not.toBe('teal');
    expect(frame?.glyph).not.toBe('circle');
    expect(known.code).toBe('DCP');
  });

  it('is the same whatever the order of the names', () => {
    const names = ['DentalCare_Westside', 'Acme', 'DentalCare_Primary', 'Dental Care Eastside', 'Åkeri Öst'];
    const byName = (frames: readonly WorkspaceFrame[]) =>
      frames.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(byName(proposeFrames(names.toReversed(), []))).toEqual(byName(proposeFrames(names, [])));
    expect(proposeFrames(names, []).map(({ name }) => name)).toEqual(names);
  });

  it('keeps many look-alikes, strange and equal names apart, each in a valid frame', () => {
    const many = Array.from({ length: 200 }, (_, index) => `DentalCare_Site ${index}`);
    const strange = ['東京歯科', '東京歯科', '7', '💈', '---', 'Ж', 'x'.repeat(120)];
    const frames = proposeFrames([...many, ...strange], []);
    for (const frame of frames) {
      expect(WorkspaceFrame.safeParse(frame).success, frame.name).toBe(true);
      expect(frame.code).toMatch(/^[A-Z]{2,4}$/);
      expect(frame.emphasis[1]).toBeGreaterThan(frame.emphasis[0]);
    }
    expect(new Set(frames.map(({ code }) => code)).size).toBe(frames.length);
    expect(new Set(proposeFrames(many.slice(0, 8), []).map(({ colour }) => colour)).size).toBe(
      FRAME_COLOURS.length,
    );
    expect(new Set(proposeFrames(many.slice(0, 32), []).map(({ glyph }) => glyph)).size).toBe(
      FRAME_GLYPHS.length,
    );
    const marks = proposeFrames(many, []).map(({ colour, glyph }) => `${colour} ${glyph}`);
    expect(new Set(marks).size).toBe(many.length);
  });
});
