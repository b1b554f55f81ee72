// One organization's window, from its making until it is gone. Its organization never changes.
import { BrowserWindow, nativeImage, screen } from 'electron';
import type { MachineLink } from '#protocol/link.ts';
import type { OrgId } from '#protocol/ids.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import type { EventPayload, CallParams } from '#contract/ipc.ts';
import type { WorkspaceIdentity } from '../identity/workspace-identity.ts';
import { emit } from '../ipc/emit.ts';
import type { Log } from '../log.ts';
import { pageUrl } from '../partitions/app-files.ts';
import type { Bounds } from '../settings/settings.ts';
import { EnterGuard } from './enter-guard.ts';
import { frameIcon } from './frame-icon/frame-icon.ts';
import { groundColour } from './ground.ts';
import { hardenContents, webPreferences } from './harden-contents.ts';
import type { PageRest } from './page-rest.ts';
import { restOf } from './rest.ts';
import { machineTitle, windowTitle } from './window-title.ts';

export type Via = 'launcher' | 'link' | 'switch';
export type WindowState = CallParams<'workspace.setState'>['state'];
export type WindowLink = Pick<MachineLink, 'machineId' | 'alertId'>;
type LeaveReason = EventPayload<'workspace.leave'>['reason'];

export interface WorkspaceWindowOptions {
  readonly orgId: OrgId;
  readonly windowId: string;
  readonly partition: string;
  readonly preload: string;
  readonly development: boolean;
  readonly frame: WorkspaceFrame;
  readonly via: Via;
  readonly link: WindowLink | null;
  readonly bounds: Bounds | null;
  readonly identity: WorkspaceIdentity;
  readonly monotonicMs: () => number;
  readonly log: Log;
  /** Anything that the launcher shows has changed. */
  readonly onChange: () => void;
  /** The window is hidden and leaving; `gone` resolves when it has left and is destroyed. */
  readonly onClosing: (gone: Promise<void>) => void;
}

const LEAVE_WAIT_MS = 2_000;
const DEFAULT_SIZE = { width: 1280, height: 820 } as const;
const MIN_SIZE = { minWidth: 900, minHeight: 600 } as const;
const RELOADS_MAX = 3;

export class WorkspaceWindow {
  readonly options: WorkspaceWindowOptions;
  readonly browserWindow: BrowserWindow;
  /** Of the next entry; becomes `launcher` once an entry was made. */
  via: Via;
  link: WindowLink | null;
  #state: WindowState = 'signed_out';
  #frame: WorkspaceFrame;
  #machineName: string | null = null;
  #left: (() => void) | null = null;
  #closing = false;
  #reloads = 0;
  #stay = 0;
  readonly #enterGuard: EnterGuard;
  readonly #rest: PageRest;

  constructor(options: WorkspaceWindowOptions) {
    this.options = options;
    this.via = options.via;
    this.link = options.link;
    this.#frame = options.frame;
    this.#enterGuard = new EnterGuard(options.monotonicMs);
    this.browserWindow = new BrowserWindow({
      ...DEFAULT_SIZE,
      ...visibleBounds(options.bounds),
      ...MIN_SIZE,
      show: false,
      backgroundColor: groundColour(),
      title: this.title,
      autoHideMenuBar: true,
      webPreferences: webPreferences(options.preload, options.partition, options.development),
    });
    this.#rest = restOf(this.browserWindow);
    this.#listen();
  }

  get orgId(): OrgId {
    return this.options.orgId;
  }

  get contents(): Electron.WebContents {
    return this.browserWindow.webContents;
  }

  get state(): WindowState {
    return this.#state;
  }

  get frame(): WorkspaceFrame {
    return this.#frame;
  }

  /** Changes when what was meant for this window is so no longer: it locks, leaves, or is to be reverified. */
  get stay(): number {
    return this.#stay;
  }

  get title(): string {
    return windowTitle(this.#frame, this.#machineName);
  }

  /** Of the session in front, as its page named it. */
  get machine(): string | null {
    return this.#machineName === null ? null : machineTitle(this.#machineName);
  }

  load(): void {
    this.contents.loadURL(pageUrl('workspace')).catch((error: unknown) => {
      if (!this.#closing) this.options.log('window.load_failed', { orgId: this.orgId, error: String(error) });
    });
  }

  focus(): void {
    if (this.browserWindow.isMinimized()) this.browserWindow.restore();
    this.browserWindow.show();
    this.browserWindow.focus();
  }

  setState(state: WindowState): void {
    if (state !== this.#state) this.#stay += 1;
    this.#state = state;
    if (state === 'open') {
      this.via = 'launcher';
      this.link = null;
    } else {
      this.#machineName = null;
    }
    this.#rest.due();
    this.#titleChanged();
    this.options.onChange();
  }

  setMachine(name: string | null): void {
    this.#machineName = name;
    if (name === null) this.#rest.due();
    this.#titleChanged();
  }

  setFrame(frame: WorkspaceFrame): void {
    this.#frame = frame;
    this.#titleChanged();
    this.#drawIcon();
    this.options.onChange();
  }

  /** The link's card: at once where the window stands open, after the entry where it does not. */
  follow(link: WindowLink): void {
    if (this.#state === 'signed_out') {
      this.link = link;
      this.via = 'link';
    }
    emit(this.contents, 'workspace.link', link);
  }

  /** The ceremony came back to this open window: its page asks for the person again before it takes input. */
  reverify(): void {
    this.#interrupt();
    this.#enterGuard.disarm();
    emit(this.contents, 'workspace.reverify', {});
  }

  /** The page says it has left. */
  hasLeft(): void {
    this.#left?.();
  }

  /** The page leaves its workspace, within two seconds; then its Clerk session ends here, whatever the page did. */
  async leave(reason: LeaveReason): Promise<void> {
    this.#interrupt();
    const left = new Promise<void>((resolve) => {
      this.#left = resolve;
    });
    emit(this.contents, 'workspace.leave', { reason });
    await Promise.race([left, afterMs(LEAVE_WAIT_MS)]);
    this.#left = null;
    // Forgets the tokens at once; the server's answer is not waited for by whoever opens the next window.
    void this.#endSignIn();
    this.setState('signed_out');
  }

  #interrupt(): void {
    this.#stay += 1;
    this.options.onChange();
  }

  #endSignIn(): Promise<void> {
    return this.options.identity.endSignIn().then(
      () => undefined,
      (error: unknown) =>
        this.options.log('identity.end_failed', { orgId: this.orgId, error: String(error) }),
    );
  }

  #listen(): void {
    const { browserWindow, contents } = this;
    hardenContents(contents, this.options.log);
    browserWindow.once('ready-to-show', () => {
      browserWindow.show();
      this.options.log('window.shown', { surface: 'workspace', orgId: this.orgId });
      this.#drawIcon();
    });
    browserWindow.on('blur', () => this.#enterGuard.blurred());
    browserWindow.on('focus', () => this.#enterGuard.focused());
    // Signed out there is nothing that an Enter could do to a client.
    contents.on('before-input-event', (event, input) => {
      const held = this.#state === 'open' ? this.#enterGuard.holds(input) : null;
      if (held !== null) event.preventDefault();
      if (held === 'first') emit(contents, 'workspace.enterHeld', {});
    });
    browserWindow.on('page-title-updated', (event) => event.preventDefault());
    browserWindow.on('close', (event) => {
      event.preventDefault();
      if (!this.#closing) this.#close();
    });
    contents.on('render-process-gone', (_event, { reason }) => {
      this.options.log('window.crashed', { orgId: this.orgId, reason });
      this.hasLeft();
      void this.#endSignIn();
      this.setState('signed_out');
      this.#reloads += 1;
      if (!this.#closing && this.#reloads <= RELOADS_MAX) this.load();
    });
  }

  #close(): void {
    this.#closing = true;
    this.browserWindow.hide();
    this.options.onClosing(this.#leaveAndDestroy());
  }

  async #leaveAndDestroy(): Promise<void> {
    await this.leave('closed');
    await this.#endSignIn();
    this.browserWindow.destroy();
  }

  /** In the taskbar and among the windows to switch to. */
  #drawIcon(): void {
    // macOS gives a window no icon of its own.
    if (process.platform === 'darwin' || this.browserWindow.isDestroyed()) return;
    const { size, bgra } = frameIcon(this.#frame);
    this.browserWindow.setIcon(nativeImage.createFromBitmap(bgra, { width: size, height: size }));
  }

  #titleChanged(): void {
    if (!this.browserWindow.isDestroyed()) this.browserWindow.setTitle(this.title);
  }
}

/** Remembered bounds, unless the display they were on is gone. */
function visibleBounds(bounds: Bounds | null): Bounds | Record<string, never> {
  if (bounds === null) return {};
  const { workArea } = screen.getDisplayMatching(bounds);
  const overlaps =
    bounds.x < workArea.x + workArea.width - 100 &&
    bounds.x + bounds.width > workArea.x + 100 &&
    bounds.y >= workArea.y &&
    bounds.y < workArea.y + workArea.height - 100;
  return overlaps ? bounds : {};
}

function afterMs(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
