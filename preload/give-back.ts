import type { WebFrame } from 'electron';

/** Chromium's own time for pixels that no frame uses any more, less the quiet that went before. */
const PIXELS_EXPIRE_MS = 2_500;

/** Gives back the memory that a page at rest does not need (docs/decisions/0046). */
export function giveBack(window: Window, frame: Pick<WebFrame, 'clearCache'>): void {
  // Caches of this page and, which its name does not say, all garbage of V8.
  frame.clearCache();
  window.setTimeout(() => drawOnce(window.document), PIXELS_EXPIRE_MS);
}

/**
 * Pixels of earlier frames leave the GPU process when a frame brings new ones, and at rest none does: a dot that nobody
 * sees. It is no plain colour, which Chromium draws without pixels.
 */
function drawOnce(document: Document): void {
  const drawn = document.querySelector('body > i[data-drawn]');
  if (drawn !== null) {
    drawn.remove();
    return;
  }
  const dot = document.createElement('i');
  dot.dataset['drawn'] = '';
  dot.ariaHidden = 'true';
  dot.style.cssText =
    'position: absolute; top: 0; left: 0; width: 2px; height: 2px; pointer-events: none;' +
    'background: linear-gradient(rgb(0 0 0 / 1%), transparent)';
  document.body.append(dot);
}
