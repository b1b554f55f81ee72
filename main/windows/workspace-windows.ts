// All workspace windows, at most one an organization. The only place that makes them.
import { randomUUID } from 'node:crypto';
import type { OrgId } from '#protocol/ids.ts';
import type { WorkspaceWindow as WindowForPage } from '#contract/window-state.ts';
import type { Log } from '../log.ts';
import type { KeySettings } from '../settings/key-settings.ts';
import type { Settings } from '../settings/settings.ts';
import type { WorkspacePartition } from '../partitions/workspace-partition.ts';
import { WorkspaceWindow, type Via, type WindowLink } from './workspace-window.ts';

export interface WorkspaceWindowsOptions {
  readonly settings: Settings;
  readonly keys: KeySettings;
  readonly partitionOf: (orgId: OrgId) => WorkspacePartition;
  readonly preload: string;
  readonly development: boolean;
  readonly relayUrl: string;
  readonly publishableKey: string;
  readonly appVersion: string;
  readonly remembersDevice: boolean;
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  readonly log: Log;
  /** Tells IPC whose page this is, before the page loads. */
  readonly onMade: (window: WorkspaceWindow) => void;
  /** A window is hidden and leaving; it no longer counts. */
  readonly onClosing: () => void;
  /** The page is gone: `contentsId` belongs to nobody any more. */
  readonly onGone: (contentsId: number) => void;
  readonly onChange: () => void;
}

export class WorkspaceWindows {
  readonly #options: WorkspaceWindowsOptions;
  readonly #open = new Map<OrgId, WorkspaceWindow>();
  /** Windows that are leaving: the next one of the same organization waits for them. */
  readonly #goings = new Map<OrgId, Promise<void>>();

  constructor(options: WorkspaceWindowsOptions) {
    this.#options = options;
  }

  get(orgId: OrgId): WorkspaceWindow | undefined {
    return this.#open.get(orgId);
  }

  get count(): number {
    return this.#open.size;
  }

  /** In launcher order. */
  list(): WorkspaceWindow[] {
    return this.#options.settings.workspaces.flatMap(({ orgId }) => this.#open.get(orgId) ?? []);
  }

  /**
   * Opens a known workspace's window, or comes back to it. The ceremony (`switch`) makes an open one ask for
   * reverification, and a locked one for the sign-in.
   * @returns null when the workspace is not known on this computer
   */
  open(orgId: OrgId, via: Via, link: WindowLink | null): WorkspaceWindow | null {
    const standing = this.#open.get(orgId);
    if (standing !== undefined) {
      comeBack(standing, via, link);
      return standing;
    }
    const known = this.#options.settings.workspace(orgId);
    if (known === undefined) return null;
    const { settings, nowMs, monotonicMs, onChange, log, preload, development } = this.#options;
    const partition = this.#options.partitionOf(orgId);
    const window: WorkspaceWindow = new WorkspaceWindow({
      orgId,
      windowId: randomUUID(),
      partition: partition.name,
      identity: partition.identity,
      preload,
      development,
      frame: known.frame,
      bounds: known.bounds,
      via,
      link,
      monotonicMs,
      log,
      onChange,
      onClosing: (gone) => this.#closing(window, gone),
    });
    this.#open.set(orgId, window);
    settings.remember(orgId, { lastOpenedAt: nowMs() });
    this.#options.onMade(window);
    void this.#loadAfter(window, this.#goings.get(orgId));
    onChange();
    return window;
  }

  /** What `focusNumber` takes, 1 to 9; null for none. */
  numberOf(window: WorkspaceWindow): number | null {
    const index = this.list().indexOf(window);
    return index < 0 || index > 8 ? null : index + 1;
  }

  /** The Nth open window gets focus; nothing else changes. */
  focusNumber(number: number): void {
    this.list()[number - 1]?.focus();
  }

  /** What a page may know of its own window. */
  describe(window: WorkspaceWindow): WindowForPage {
    const { relayUrl, publishableKey, settings, keys, appVersion, remembersDevice } = this.#options;
    return {
      orgId: window.orgId,
      frame: window.frame,
      relayUrl,
      publishableKey,
      via: window.via,
      device: { installId: settings.installId, appVersion, windowId: window.options.windowId },
      link: window.link,
      remembersDevice,
      keys: keys.changes,
    };
  }

  async #loadAfter(window: WorkspaceWindow, going: Promise<void> | undefined): Promise<void> {
    await going;
    window.load();
  }

  #closing(window: WorkspaceWindow, gone: Promise<void>): void {
    const { orgId } = window;
    const contentsId = window.contents.id;
    const { settings, onClosing, onGone, onChange } = this.#options;
    settings.remember(orgId, { bounds: window.browserWindow.getNormalBounds() });
    this.#open.delete(orgId);
    const going = gone.then(() => {
      if (this.#goings.get(orgId) === going) this.#goings.delete(orgId);
      onGone(contentsId);
    });
    this.#goings.set(orgId, going);
    onChange();
    onClosing();
  }
}

function comeBack(window: WorkspaceWindow, via: Via, link: WindowLink | null): void {
  window.focus();
  if (link !== null) window.follow(link);
  if (via !== 'switch') return;
  if (window.state !== 'open') window.via = 'switch';
  window.reverify();
}
