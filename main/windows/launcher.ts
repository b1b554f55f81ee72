// The launcher: the workspaces this computer knows, and the switch ceremony. It belongs to no organization.
import { BrowserWindow } from 'electron';
import type { OrgId } from '#protocol/ids.ts';
import { frameDoubt, type FrameDoubt, type Marks, type Neighbour } from '#protocol/look/frame-doubts.ts';
import type { KnownWorkspace, LauncherState } from '#contract/window-state.ts';
import { areAlike } from '../frames/name-likeness.ts';
import { areMistakable } from '../frames/mistakable.ts';
import { emit } from '../ipc/emit.ts';
import type { Log } from '../log.ts';
import { pageUrl } from '../partitions/app-files.ts';
import { LAUNCHER_PARTITION } from '../partitions/partition-name.ts';
import type { RememberedWorkspace, Settings } from '../settings/settings.ts';
import { groundColour } from './ground.ts';
import { hardenContents, webPreferences } from './harden-contents.ts';
import { restOf } from './rest.ts';
import type { WorkspaceWindow } from './workspace-window.ts';
import type { WorkspaceWindows } from './workspace-windows.ts';

export interface LauncherOptions {
  readonly settings: Settings;
  readonly windows: WorkspaceWindows;
  /** Removes what a client has left on this computer. */
  readonly forgetPartition: (orgId: OrgId) => Promise<void>;
  readonly preload: string;
  readonly development: boolean;
  readonly log: Log;
  readonly now: () => number;
  readonly onMade: (contentsId: number) => void;
  readonly onGone: (contentsId: number) => void;
}

type Notice = NonNullable<LauncherState['notice']>;

/** A review covers twelve hours; after that there is another night to look at. */
const REVIEWED_FOR_MS = 12 * 3_600_000;

export class Launcher {
  readonly #options: LauncherOptions;
  #browserWindow: BrowserWindow | null = null;
  /** The window that the ceremony leaves. */
  #leaving: WorkspaceWindow | null = null;
  #notice: Notice | null = null;
  /** A chosen workspace is on its way: a second click changes nothing. */
  #choosing = false;
  /** The window that was asked to change how its client looks. */
  #changing: WorkspaceWindow | null = null;

  constructor(options: LauncherOptions) {
    this.#options = options;
  }

  state(): LauncherState {
    const from = this.#leaving === null ? undefined : this.#known(this.#leaving.orgId);
    const { workspaces } = this.#options.settings;
    return {
      workspaces: workspaces.map((one) => this.#describe(one)),
      mode: from === undefined ? { kind: 'open' } : { kind: 'switch', from },
      notice: this.#notice,
    };
  }

  show(): void {
    const window = (this.#browserWindow ??= this.#make());
    if (window.isMinimized()) window.restore();
    // Before its first paint, ready-to-show shows it.
    if (window.webContents.isLoading()) return;
    window.show();
    window.focus();
  }

  /** Something the launcher shows has changed. */
  changed(): void {
    if (this.#leaving !== null && this.#options.windows.get(this.#leaving.orgId) !== this.#leaving)
      this.#leaving = null;
    if (this.#browserWindow !== null) emit(this.#browserWindow.webContents, 'launcher.changed', this.state());
  }

  say(notice: Notice): void {
    this.#notice = notice;
    this.changed();
    this.show();
  }

  dismissNotice(): void {
    this.#notice = null;
    this.changed();
  }

  startSwitch(from: WorkspaceWindow): void {
    this.#leaving = from;
    this.changed();
    this.show();
  }

  /**
   * A workspace was chosen. In the ceremony the one that is left locks first, and only then the other appears;
   * choosing the same one again cancels.
   * @returns false when it is not known here
   */
  async choose(orgId: OrgId): Promise<boolean> {
    if (this.#known(orgId) === undefined) return false;
    if (this.#choosing) return true;
    const from = this.#leaving;
    this.#leaving = null;
    this.#notice = null;
    if (from?.orgId === orgId) {
      this.#backTo(from);
      return true;
    }
    if (from !== null) {
      this.#choosing = true;
      await from.leave('switched').finally(() => {
        this.#choosing = false;
      });
    }
    this.#options.windows.open(orgId, from === null ? 'launcher' : 'switch', null);
    this.changed();
    this.#browserWindow?.hide();
    return true;
  }

  /**
   * Hands a frame to the client's own page, which asks the relay.
   * @returns what stands against it; null: nothing here
   */
  changeFrame(orgId: OrgId, marks: Marks): 'window_closed' | FrameDoubt['kind'] | null {
    const window = this.#options.windows.get(orgId);
    if (window?.state !== 'open') return 'window_closed';
    const others = this.#options.settings.workspaces
      .filter((other) => other.orgId !== orgId)
      .map(({ frame }): Neighbour =>
        Object.assign({ alike: areAlike(frame.name, window.frame.name) }, frame),
      );
    const doubt = frameDoubt(marks, others);
    if (doubt !== null) return doubt.kind;
    this.#changing = window;
    this.#backTo(window);
    emit(window.contents, 'workspace.changeFrame', marks);
    return null;
  }

  /** Why the change was not made; from the window that was asked for it, once: no other page brings the launcher up. */
  frameRefused(window: WorkspaceWindow, notice: Notice): void {
    if (this.#changing !== window) return;
    this.#changing = null;
    this.say(notice);
  }

  /** @returns false when its window is open, or it is not known here: nothing is forgotten then */
  async forget(orgId: OrgId): Promise<boolean> {
    const { settings, windows, forgetPartition } = this.#options;
    if (windows.get(orgId) !== undefined || settings.workspace(orgId) === undefined) return false;
    settings.forget(orgId);
    this.changed();
    await forgetPartition(orgId);
    return true;
  }

  /** Leaves the ceremony with nothing changed, or puts the launcher away; never the last window of all. */
  cancel(): void {
    const from = this.#leaving;
    this.#leaving = null;
    if (from !== null) this.#backTo(from);
    else if (this.#options.windows.count > 0) this.#browserWindow?.hide();
  }

  /** For the round through all clients that are to be reviewed: it knows of no more than that. */
  noteReview(orgId: OrgId, done: boolean): void {
    const { settings, now } = this.#options;
    const doneAt = done ? now() : (settings.workspace(orgId)?.review?.doneAt ?? null);
    settings.remember(orgId, { review: { doneAt } });
    this.changed();
  }

  #backTo(window: WorkspaceWindow): void {
    this.changed();
    this.#browserWindow?.hide();
    window.focus();
  }

  #known(orgId: OrgId): KnownWorkspace | undefined {
    const remembered = this.#options.settings.workspace(orgId);
    return remembered === undefined ? undefined : this.#describe(remembered);
  }

  #describe({ orgId, frame, lastOpenedAt }: RememberedWorkspace): KnownWorkspace {
    const { windows, settings } = this.#options;
    const window = windows.get(orgId);
    return {
      orgId,
      frame,
      lookAlikes: settings.workspaces
        .filter((other) => other.orgId !== orgId && areMistakable(other.frame, frame))
        .map((other) => other.frame.code),
      lastOpenedAt,
      review: this.#reviewOf(orgId),
      state: window?.state ?? 'closed',
      windowNumber: window === undefined ? null : windows.numberOf(window),
    };
  }

  #reviewOf(orgId: OrgId): KnownWorkspace['review'] {
    const review = this.#options.settings.workspace(orgId)?.review ?? null;
    if (review === null) return null;
    return (review.doneAt ?? 0) > this.#options.now() - REVIEWED_FOR_MS ? 'done' : 'due';
  }

  #make(): BrowserWindow {
    const { preload, development, log, onMade, onGone } = this.#options;
    const window = new BrowserWindow({
      width: 760,
      height: 640,
      minWidth: 560,
      minHeight: 420,
      show: false,
      backgroundColor: groundColour(),
      title: 'Caisey',
      autoHideMenuBar: true,
      webPreferences: webPreferences(preload, LAUNCHER_PARTITION, development),
    });
    const contentsId = window.webContents.id;
    onMade(contentsId);
    hardenContents(window.webContents, log);
    const rest = restOf(window);
    window.on('page-title-updated', (event) => event.preventDefault());
    window.once('ready-to-show', () => {
      window.show();
      window.focus();
      rest.due();
      log('window.shown', { surface: 'launcher' });
    });
    window.on('closed', () => {
      this.#browserWindow = null;
      this.#leaving = null;
      onGone(contentsId);
    });
    window.webContents
      .loadURL(pageUrl('launcher'))
      .catch((error: unknown) => log('window.load_failed', { surface: 'launcher', error: String(error) }));
    return window;
  }
}
