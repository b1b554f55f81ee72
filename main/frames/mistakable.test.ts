import { expect, it } from 'vitest';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { areMistakable } from './mistakable.ts';

const frame = (
  name: string,
  colour: 'teal' | 'amber',
  glyph: 'ring' | 'star',
  code: string,
): WorkspaceFrame => ({
  name,
  colour,
  glyph,
  code,
  emphasis: [0, 1],
});

it('takes two clients for each other by name, by code, or by colour and glyph together', () => {
  const clinic = frame('DentalCare_Westside', 'teal', 'ring', 'DCW');
  for (const [other, mistakable] of [
    [frame('DentalCare_Primary', 'amber', 'star', 'DCP'), true],
    [frame('Nord Logistik', 'amber', 'star', 'DCW'), true],
    [frame('Nord Logistik', 'teal', 'ring', 'NOL'), true],
    [frame('Nord Logistik', 'teal', 'star', 'NOL'), false],
  ] as const)
    expect(areMistakable(clinic, other), `${other.name} ${other.code}`).toBe(mistakable);
});
