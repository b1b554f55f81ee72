// The paste warning: main's own view over a workspace window, in a partition of its own. While it stands, the
// text is in main's memory alone; the window's page knows that something is held, and how long it is.
import { WebContentsView } from 'electron';
import type { PasteReport } from '#protocol/control/verbs.ts';
import type { PasteWarning } from '#contract/window-state.ts';
import { emit } from '../ipc/emit.ts';
import type { Log } from '../log.ts';
import { pageUrl } from '../partitions/app-files.ts';
import { PASTE_PARTITION } from '../partitions/partition-name.ts';
import { groundColour } from '../windows/ground.ts';
import { hardenContents, webPreferences } from '../windows/harden-contents.ts';
import type { WorkspaceWindow } from '../windows/workspace-window.ts';
import type { PasteReportCounts } from './paste-decision.ts';

export interface HeldPaste {
  readonly window: WorkspaceWindow;
  readonly warning: PasteWarning;
  /** The window's stay when the text was held: in another one nobody asked for it. */
  readonly stay: number;
  readonly counts: PasteReportCounts;
  /** Else into a text field of the page. */
  readonly intoTerminal: boolean;
}

export interface PasteWarningsOptions {
  readonly preload: string;
  readonly development: boolean;
  readonly log: Log;
  readonly onMade: (contentsId: number, held: HeldPaste) => void;
  readonly onGone: (contentsId: number) => void;
}

export class PasteWarnings {
  readonly #options: PasteWarningsOptions;
  readonly #views = new Map<HeldPaste, { readonly view: WebContentsView; readonly contentsId: number }>();

  constructor(options: PasteWarningsOptions) {
    this.#options = options;
  }

  /** Draws the warning over the window and gives it the keyboard. An earlier one there is discarded. */
  hold(held: HeldPaste): void {
    for (const earlier of [...this.#views.keys()].filter(({ window }) => window === held.window))
      this.decide(earlier, false);
    const { preload, development, log, onMade } = this.#options;
    const view = new WebContentsView({
      webPreferences: webPreferences(preload, PASTE_PARTITION, development),
    });
    const { browserWindow } = held.window;
    const { webContents } = view;
    this.#views.set(held, { view, contentsId: webContents.id });
    onMade(webContents.id, held);
    hardenContents(webContents, log);
    // Also where the page failed to load: there is always a way back.
    webContents.on('before-input-event', (event, input) => {
      if (input.type !== 'keyDown' || input.isAutoRepeat) return;
      const release = input.key === 'Enter' && input.control && input.shift && !input.alt && !input.meta;
      if (!release && input.key !== 'Escape') return;
      event.preventDefault();
      this.decide(held, release);
    });
    webContents.on('render-process-gone', () => this.decide(held, false));
    const cover = (): void => view.setBounds({ x: 0, y: 0, ...contentSize(browserWindow) });
    view.setBackgroundColor(groundColour());
    cover();
    browserWindow.contentView.addChildView(view);
    const gone = (): void => this.decide(held, false);
    browserWindow.on('resize', cover);
    browserWindow.on('closed', gone);
    webContents.once('destroyed', () => {
      browserWindow.off('resize', cover);
      browserWindow.off('closed', gone);
    });
    webContents
      .loadURL(pageUrl('paste'))
      .then(() => webContents.focus())
      .catch((error: unknown) => log('window.load_failed', { surface: 'paste', error: String(error) }));
    webContents.focus();
  }

  /** Windows have changed: texts held for one that locked, leaves or is to be reverified are dropped. */
  windowsChanged(): void {
    for (const held of this.#views.keys()) if (held.window.stay !== held.stay) this.decide(held, false);
  }

  /** Released, the text goes to the window's page; discarded, it is gone. */
  decide(held: HeldPaste, release: boolean): void {
    if (!this.#remove(held)) return;
    const { window, warning, counts, intoTerminal } = held;
    if (window.browserWindow.isDestroyed()) return;
    window.contents.focus();
    if (!release) return;
    const { text } = warning;
    const report: PasteReport = { ...counts, decision: 'accepted' };
    if (intoTerminal) {
      emit(window.contents, 'paste.released', { text, report });
    } else {
      emit(window.contents, 'paste.releasedIntoField', { text });
      emit(window.contents, 'paste.fieldReport', report);
    }
  }

  /** @returns false when it was removed before */
  #remove(held: HeldPaste): boolean {
    const shown = this.#views.get(held);
    if (shown === undefined) return false;
    this.#views.delete(held);
    this.#options.onGone(shown.contentsId);
    const { browserWindow } = held.window;
    if (!browserWindow.isDestroyed()) browserWindow.contentView.removeChildView(shown.view);
    // Undefined once the window took the view's contents along, whatever the types say.
    const contents: Electron.WebContents | undefined = shown.view.webContents;
    if (contents?.isDestroyed() === false) contents.close();
    return true;
  }
}

function contentSize(window: Electron.BrowserWindow): { width: number; height: number } {
  const { width, height } = window.getContentBounds();
  return { width, height };
}
