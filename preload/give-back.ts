import type { WebFrame } from 'electron';

/** Chromium's own time for pixels that no frame uses any more, less the quiet that went before. */
const PIXELS_EXPIRE_MS = 2_500;
/** In which the canvas has reached the GPU process. */
const HANDED_IN_MS = 1_000;

/** Gives back the memory that a page at rest does not need (docs/decisions/0046). */
export function giveBack(window: Window, frame: Pick<WebFrame, 'clearCache'>): void {
  // Caches of this page and, which its name does not say, all garbage of V8.
  frame.clearCache();
  window.setTimeout(() => givePixelsBack(window), PIXELS_EXPIRE_MS);
}

/**
 * Pixels that Chromium has dropped, of earlier frames or of a window that others cover, leave the GPU process with the
 * page's next word to it. A page at rest has none to say, and a covered one draws no frame: so it says one, by a canvas
 * of one pixel that is on no page and sends its frames past it. A new one each time: Chromium takes no more than a few
 * frames of a canvas that nobody shows.
 */
export function givePixelsBack(window: Window): void {
  const canvas = window.document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  canvas.transferControlToOffscreen().getContext('2d')?.fillRect(0, 0, 1, 1);
  // Held until then: collected sooner, it would say nothing.
  window.setTimeout(() => canvas.remove(), HANDED_IN_MS);
}
