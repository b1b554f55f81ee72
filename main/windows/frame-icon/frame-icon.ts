// A workspace's mark as pixels, for the taskbar and the switcher of windows: its glyph on its colour, drawn by main
// itself, so that no page can choose how its window looks there.
import { linearRgb, type Oklch } from '#protocol/look/colour-vision.ts';
import { FRAME_OKLCH, inkOn, PLATE } from '#protocol/look/frame-colours.ts';
import { GLYPH_SHAPES } from '#protocol/look/glyph-shapes.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { crossings, flattenPath, isInside } from './flatten-path.ts';

export interface Bitmap {
  /** Pixels each way. */
  readonly size: number;
  /** Blue, green, red, each times alpha, and alpha. */
  readonly bgra: Buffer;
}

const SIZE = 48;
/** Samples each way in a pixel. */
const SAMPLES = 3;
/** In units of the glyphs' box of 24: the tile around the glyph, its corners, its dark edge. */
const BOX = 24;
const MARGIN = 6;
const CORNER = 7;
const EDGE = 1.5;

export function frameIcon({ colour, glyph }: Pick<WorkspaceFrame, 'colour' | 'glyph'>): Bitmap {
  const unit = (BOX + 2 * MARGIN) / (SIZE * SAMPLES);
  const place = (sample: number) => (sample + 0.5) * unit - MARGIN;
  const shape = flattenPath(GLYPH_SHAPES[glyph]);
  const rows = Array.from({ length: SIZE * SAMPLES }, (_, row) => crossings(shape, place(row)));
  const [fill, ink, edge] = [FRAME_OKLCH[colour], inkOn(colour), PLATE].map(bytesOf);
  const bgra = Buffer.alloc(SIZE * SIZE * 4);
  for (let pixel = 0; pixel < SIZE * SIZE; pixel += 1) {
    let [red, green, blue, covered] = [0, 0, 0, 0];
    for (let sample = 0; sample < SAMPLES ** 2; sample += 1) {
      const row = Math.floor(pixel / SIZE) * SAMPLES + Math.floor(sample / SAMPLES);
      const [x, y] = [place((pixel % SIZE) * SAMPLES + (sample % SAMPLES)), place(row)];
      const depth = depthInTile(x, y);
      if (depth <= 0) continue;
      const seen = depth < EDGE ? edge : isInside(rows[row] ?? [], x) ? ink : fill;
      const [r = 0, g = 0, b = 0] = seen ?? [];
      [red, green, blue, covered] = [red + r, green + g, blue + b, covered + 1];
    }
    // Premultiplied, as Electron takes bitmaps: samples outside count as black.
    const mean = (sum: number) => Math.round(sum / SAMPLES ** 2);
    bgra.set([mean(blue), mean(green), mean(red), mean(255 * covered)], pixel * 4);
  }
  return { size: SIZE, bgra };
}

/** How far inside the tile with round corners; below zero outside. */
function depthInTile(x: number, y: number): number {
  const half = BOX / 2 + MARGIN;
  const beyond = (each: number) => Math.abs(each - BOX / 2) - (half - CORNER);
  const [dx, dy] = [beyond(x), beyond(y)];
  const outside = Math.hypot(Math.max(dx, 0), Math.max(dy, 0));
  return CORNER - outside - Math.min(Math.max(dx, dy), 0);
}

/** sRGB as bytes. */
function bytesOf(colour: Oklch): readonly number[] {
  return linearRgb(colour).map((linear) => {
    const light = Math.min(1, Math.max(0, linear));
    const encoded = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
    return Math.round(encoded * 255);
  });
}
