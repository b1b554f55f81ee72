// The window that adds clients to this computer: one sign-in in a partition of its own that is used once.
// Its page signs in and chooses; main reads the organizations itself and ends the sign-in with that.
import { randomUUID } from 'node:crypto';
import { BrowserWindow } from 'electron';
import type { OrgId } from '#protocol/ids.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import type { CallResult } from '#contract/ipc.ts';
import type { OfferedWorkspace } from '#contract/window-state.ts';
import { proposeFrames } from '../frames/propose-frames.ts';
import type { BrowserOutcome, BrowserSignIns } from '../identity/browser-sign-ins.ts';
import type { NamedOrganization } from '../identity/list-organizations.ts';
import type { Log } from '../log.ts';
import { pageUrl } from '../partitions/app-files.ts';
import { passingPartition, type PassingPartition } from '../partitions/passing-partition.ts';
import type { Settings } from '../settings/settings.ts';
import { groundColour } from './ground.ts';
import { hardenContents, webPreferences } from './harden-contents.ts';

export interface AddClientsOptions {
  readonly settings: Settings;
  readonly frontendApi: string;
  readonly publishableKey: string;
  readonly rendererRoot: string;
  readonly preload: string;
  readonly development: boolean;
  /** Monotonic. */
  readonly nowMs: () => number;
  readonly log: Log;
  readonly onMade: (contentsId: number) => void;
  readonly onGone: (contentsId: number) => void;
  /** The window is going: with clients added, or without. */
  readonly onDone: () => void;
}

export type Offer =
  | { readonly ok: true; readonly workspaces: readonly OfferedWorkspace[] }
  | { readonly ok: false; readonly code: string; readonly text: string };

interface Adding {
  readonly window: BrowserWindow;
  readonly partition: PassingPartition;
  /** What `choose` may take from; empty until offered. */
  readonly offered: Map<OrgId, WorkspaceFrame>;
}

const OFFER_TEXT = {
  identity_unreachable: 'The sign-in service did not answer. Check the network, then try again.',
  not_signed_in: 'The sign-in has ended. Close this window and add clients again.',
} as const;

export class AddClients {
  readonly #options: AddClientsOptions;
  #adding: Adding | null = null;

  constructor(options: AddClientsOptions) {
    this.#options = options;
  }

  show(): void {
    const { window } = (this.#adding ??= this.#make());
    if (window.isMinimized()) window.restore();
    // Before its first paint, ready-to-show shows it.
    if (window.webContents.isLoading()) return;
    window.show();
    window.focus();
  }

  describe(): CallResult<'add.window'> {
    return { publishableKey: this.#options.publishableKey };
  }

  /** Reads the organizations of whoever has signed in, and ends that sign-in. */
  async offer(): Promise<Offer> {
    const adding = this.#adding;
    const answer = await adding?.partition.organizations();
    if (adding === null || answer === undefined || adding !== this.#adding) return failed('not_signed_in');
    if (!answer.ok) return failed(answer.code);
    // Nothing is offered while the sign-in stands: the page says that it has ended.
    const ended = await adding.partition.identity.endSignIn();
    if (!ended.ok) return failed(ended.code);
    const workspaces = offeredWorkspaces(answer.organizations, this.#options.settings);
    for (const { orgId, frame, known } of workspaces) if (!known) adding.offered.set(orgId, frame);
    return { ok: true, workspaces };
  }

  /** The sign-in of this window goes on in the system's browser. */
  signInWith(browser: BrowserSignIns): Promise<BrowserOutcome> | null {
    const adding = this.#adding;
    return adding === null ? null : browser.begin(adding.partition.identity, () => this.show());
  }

  choose(orgIds: readonly OrgId[]): void {
    const offered = this.#adding?.offered;
    const chosen = [...new Set(orgIds)].flatMap((orgId) => {
      const frame = offered?.get(orgId);
      return frame === undefined ? [] : [{ orgId, frame }];
    });
    this.#options.settings.add(chosen);
    this.#options.log('clients.added', { count: chosen.length });
    this.close();
  }

  close(): void {
    const adding = this.#adding;
    if (adding === null) return;
    this.#adding = null;
    this.#options.onGone(adding.window.webContents.id);
    adding.window.hide();
    this.#options.onDone();
    void adding.partition.identity.endSignIn().finally(() => adding.window.destroy());
  }

  #make(): Adding {
    const { frontendApi, rendererRoot, preload, development, nowMs, log, onMade } = this.#options;
    const partition = passingPartition({ id: randomUUID(), frontendApi, rendererRoot, nowMs, log });
    const window = new BrowserWindow({
      width: 640,
      height: 680,
      minWidth: 520,
      minHeight: 480,
      show: false,
      backgroundColor: groundColour(),
      title: 'Add clients — Caisey',
      autoHideMenuBar: true,
      webPreferences: webPreferences(preload, partition.name, development),
    });
    onMade(window.webContents.id);
    hardenContents(window.webContents, log);
    window.on('page-title-updated', (event) => event.preventDefault());
    window.once('ready-to-show', () => window.show());
    window.on('close', (event) => {
      // It goes when its sign-in has ended.
      event.preventDefault();
      this.close();
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      log('window.crashed', { surface: 'add', reason });
      this.close();
    });
    window.webContents
      .loadURL(pageUrl('add'))
      .catch((error: unknown) => log('window.load_failed', { surface: 'add', error: String(error) }));
    return { window, partition, offered: new Map() };
  }
}

function failed(code: keyof typeof OFFER_TEXT): Offer {
  return { ok: false, code, text: OFFER_TEXT[code] };
}

/** By name. Known ones keep their frame, the others get a proposed one. */
function offeredWorkspaces(
  organizations: readonly NamedOrganization[],
  settings: Settings,
): readonly OfferedWorkspace[] {
  const news = organizations.filter(({ orgId }) => settings.workspace(orgId) === undefined);
  const proposed = proposeFrames(
    news.map(({ name }) => name),
    settings.workspaces.map(({ frame }) => frame),
  );
  return organizations
    .flatMap(({ orgId }) => {
      const frame =
        settings.workspace(orgId)?.frame ?? proposed[news.findIndex((one) => one.orgId === orgId)];
      return frame === undefined ? [] : [{ orgId, frame, known: settings.workspace(orgId) !== undefined }];
    })
    .toSorted((one, other) => one.frame.name.localeCompare(other.frame.name));
}
