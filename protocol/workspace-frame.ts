// How a workspace is recognised: four constant channels, so that none relies on colour alone.
// "Workspace frame" is what a person sees; "frame" alone is the binary frame of frame/frame.ts.
import { z } from 'zod';
import type { OrgId } from './ids.ts';

/** Red is missing on purpose: it is kept for what destroys. Values live in look/. */
export const FRAME_COLOURS = ['teal', 'amber', 'violet', 'lime', 'sky', 'rose', 'sand', 'indigo'] as const;
export const FrameColour = z.enum(FRAME_COLOURS);
export type FrameColour = z.infer<typeof FrameColour>;

/** Drawn as the shapes of look/, never as font characters: they must look alike on every machine. */
export const FRAME_GLYPHS = [
  'circle',
  'ring',
  'square',
  'frame',
  'triangle',
  'wedge',
  'diamond',
  'lozenge',
  'hexagon',
  'pentagon',
  'star',
  'burst',
  'cross',
  'plus',
  'bars',
  'columns',
  'half',
  'quarter',
  'dots',
  'grid',
  'chevron',
  'arrow',
  'wave',
  'zigzag',
  'moon',
  'drop',
  'leaf',
  'shield',
  'flag',
  'anchor',
  'key',
  'bolt',
] as const;
export const FrameGlyph = z.enum(FRAME_GLYPHS);
export type FrameGlyph = z.infer<typeof FrameGlyph>;

export const WorkspaceFrame = z.object({
  colour: FrameColour,
  glyph: FrameGlyph,
  /** 2–4 capital letters or digits, shown before everything else. */
  code: z.string().regex(/^[A-Z0-9]{2,4}$/),
  name: z.string().min(1).max(120),
  /** UTF-16 range of `name` that tells it from its look-alikes; drawn in bold. */
  emphasis: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
});
export type WorkspaceFrame = z.infer<typeof WorkspaceFrame>;

/** The frame that serves until an administrator's entry stores one: same for everyone, from the id alone. */
export function derivedFrame(orgId: OrgId): WorkspaceFrame {
  let hash = 0x811c9dc5;
  for (const char of orgId) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  const colour = FRAME_COLOURS[hash % FRAME_COLOURS.length] ?? 'teal';
  const glyph = FRAME_GLYPHS[(hash >>> 8) % FRAME_GLYPHS.length] ?? 'circle';
  const tail = orgId.slice(-4);
  return { colour, glyph, code: tail.toUpperCase(), name: orgId, emphasis: [orgId.length - 4, orgId.length] };
}
