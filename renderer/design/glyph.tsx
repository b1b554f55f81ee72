import type { FrameGlyph } from '#protocol/workspace-frame.ts';
import { GLYPH_SHAPES } from '#protocol/look/glyph-shapes.ts';

/** A workspace's shape in the current colour. Decorative: name and code say the same in words. */
export function Glyph({ shape, size = 16 }: { shape: FrameGlyph; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="currentColor"
      fillRule="evenodd"
      aria-hidden="true"
      data-glyph={shape}
    >
      <path d={GLYPH_SHAPES[shape]} />
    </svg>
  );
}
