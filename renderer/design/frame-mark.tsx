import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { frameStyle } from './frame-colours.ts';
import styles from './frame-mark.module.css';
import { Glyph } from './glyph.tsx';

/** Glyph and code on the filled frame colour: the smallest thing by which a client is recognised. */
export function FrameMark({
  frame,
  size = 'normal',
}: {
  frame: WorkspaceFrame;
  size?: 'small' | 'normal' | 'large';
}) {
  return (
    <span className={styles['mark']} data-size={size} style={frameStyle(frame.colour)}>
      <Glyph shape={frame.glyph} size={GLYPH_PX[size]} />
      <span className={styles['code']}>{frame.code}</span>
    </span>
  );
}

const GLYPH_PX = { small: 12, normal: 18, large: 34 } as const;
