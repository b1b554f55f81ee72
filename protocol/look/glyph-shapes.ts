// The 32 glyphs as paths in a 24 × 24 box, filled by the even-odd rule: shapes, never font characters, so that
// they look alike on every machine. Solid and bold: each must be told from the others at 16 pixels.
import type { FrameGlyph } from '../workspace-frame.ts';

const disc = (x: number, y: number, r: number) =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
const box = (x: number, y: number, width: number, height: number) =>
  `M${x} ${y}h${width}v${height}h${-width}z`;

export const GLYPH_SHAPES: Readonly<Record<FrameGlyph, string>> = {
  circle: disc(12, 12, 9),
  ring: disc(12, 12, 10) + disc(12, 12, 5),
  square: box(4, 4, 16, 16),
  frame: box(3, 3, 18, 18) + box(8, 8, 8, 8),
  triangle: 'M12 3L22 20.5H2z',
  wedge: 'M3 3v18h18z',
  diamond: 'M12 1.5L22.5 12L12 22.5L1.5 12z',
  lozenge: 'M12 1L19 12L12 23L5 12zM12 7L9 12L12 17L15 12z',
  hexagon: 'M12 1.8L21 7v10L12 22.2L3 17V7z',
  pentagon: 'M12 2L22 9.4L18.2 21.2H5.8L2 9.4z',
  star: 'M12 1.5l3.1 7 7.4.7-5.6 5 1.7 7.5L12 17.8l-6.6 3.9 1.7-7.5-5.6-5 7.4-.7z',
  burst:
    'M12 1l2.4 5.6L20 4l-2.6 5.6L23 12l-5.6 2.4L20 20l-5.6-2.6L12 23l-2.4-5.6L4 20l2.6-5.6L1 12l5.6-2.4L4 4l5.6 2.6z',
  cross: 'M5.6 2L12 8.4 18.4 2 22 5.6 15.6 12 22 18.4 18.4 22 12 15.6 5.6 22 2 18.4 8.4 12 2 5.6z',
  plus: 'M9 2h6v7h7v6h-7v7H9v-7H2V9h7z',
  bars: box(3, 4, 18, 4) + box(3, 10, 18, 4) + box(3, 16, 18, 4),
  columns: box(4, 3, 4, 18) + box(10, 3, 4, 18) + box(16, 3, 4, 18),
  half: `${disc(12, 12, 10)}M12 4.5a7.5 7.5 0 0 1 0 15z`,
  quarter: 'M3 3h18v18h-9v-9H3z',
  dots: disc(6.5, 6.5, 4) + disc(17.5, 6.5, 4) + disc(6.5, 17.5, 4) + disc(17.5, 17.5, 4),
  grid: box(3, 3, 8, 8) + box(13, 3, 8, 8) + box(3, 13, 8, 8) + box(13, 13, 8, 8),
  chevron: 'M6 2h6l7 10-7 10H6l7-10z',
  arrow: 'M12 2l10 10h-6v10H8V12H2z',
  wave: 'M1 9c4-6 7-6 11-2s6 4 11-1v6c-5 6-8 5-12 1s-6-3-10 2zM1 19c4-6 7-6 11-2s6 4 11-1v3c-5 5-8 5-12 2s-6-2-10 2z',
  zigzag: 'M1 13L7 3l5 9 5-9 6 10v8l-6-10-5 9-5-9-6 10z',
  moon: 'M16.5 2.3A10.2 10.2 0 1 0 22 17.6 8.8 8.8 0 0 1 16.5 2.3z',
  drop: 'M12 1c4.5 6 7.5 9.6 7.5 13.7a7.5 7.5 0 0 1-15 0C4.5 10.6 7.5 7 12 1z',
  leaf: 'M21.5 2.5C9 2 2.5 7 3 15.5L7.5 11l1.5 1.5L3 18.5V21h2.5L9 17.5C17.5 20 22 14 21.5 2.5z',
  shield: 'M12 1.5l9 3v7c0 5.5-3.6 9-9 11.5C6.6 20.5 3 17 3 11.5v-7z',
  flag: 'M4 1.5h3V3h14l-3.5 5.5L21 14H7v8.5H4z',
  anchor:
    'M12 1a3.7 3.7 0 0 1 1.8 6.9V10H18v3.5h-4.2v5c2.2-.6 3.7-2 4.2-3.5h3.5c-.7 4.5-4.5 8-9.5 8s-8.8-3.5-9.5-8H6c.5 1.5 2 2.9 4.2 3.5v-5H6V10h4.2V7.9A3.7 3.7 0 0 1 12 1z',
  key: `M7.5 6.5a6 6 0 1 1-.01 12 6 6 0 0 1 .01-12z${disc(7.5, 12.5, 2)}M13 11h10v7h-3.5v-3.5h-2V18h-3.5v-3.5H13z`,
  bolt: 'M14 1L4 14h6.5L9 23l11-14h-7z',
};
