// Two clients that are made up and easily taken for each other, for this folder's tests and the gallery.
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';

export const westside: WorkspaceFrame = {
  colour: 'sky',
  glyph: 'hexagon',
  code: 'DCW',
  name: 'DentalCare_Westside',
  emphasis: [11, 19],
};

export const primary: WorkspaceFrame = {
  colour: 'amber',
  glyph: 'shield',
  code: 'DCP',
  name: 'DentalCare_Primary',
  emphasis: [11, 18],
};
