// Which pages of which windows give back memory, and when (docs/decisions/0046).
import { app, BrowserWindow, type WebContents } from 'electron';
import { REST_CHANNEL, type Rest } from '#contract/channels.ts';
import { after } from '../after.ts';
import { PageRest, QUIET_MS } from './page-rest.ts';

/** Of a window: due as well whenever the person turns to another one. */
export function restOf(window: BrowserWindow): PageRest {
  const { webContents } = window;
  const rest = new PageRest({
    nowMs: () => performance.now(),
    after,
    giveBack: () => tell(webContents, 'page'),
  });
  webContents.on('input-event', () => rest.touched());
  window.on('blur', () => rest.due());
  window.on('hide', () => rest.due());
  window.on('closed', () => rest.dispose());
  return rest;
}

/** Each window that comes to the front may have covered others for good: all pages give back pixels then. */
export function restWhatIsCovered(): void {
  let cancel = (): void => undefined;
  app.on('browser-window-focus', () => {
    cancel();
    cancel = after(QUIET_MS, () => {
      for (const { webContents } of BrowserWindow.getAllWindows()) tell(webContents, 'pixels');
    });
  });
}

function tell(contents: WebContents, what: Rest): void {
  if (!contents.isDestroyed()) contents.send(REST_CHANNEL, what);
}
