// What this laptop remembers between starts: its install id, and the workspaces it knows with their frames
// and window places. Nothing secret: client tokens live in identity/, encrypted.
import { z } from 'zod';
import { OrgId } from '#protocol/ids.ts';
import type { Marks } from '#protocol/look/frame-doubts.ts';
import { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Theme } from '#contract/window-state.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

const Bounds = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
export type Bounds = z.infer<typeof Bounds>;

const RememberedWorkspace = z.object({
  orgId: OrgId,
  frame: WorkspaceFrame,
  lastOpenedAt: z.number().int().nullable(),
  /** Whoever uses this computer reviews it; when they last did. Null: they do not. */
  review: z.object({ doneAt: z.number().int().nullable() }).nullable().default(null),
  bounds: Bounds.nullable(),
});
export type RememberedWorkspace = z.infer<typeof RememberedWorkspace>;

const SettingsFile = z.object({
  version: z.literal(1),
  installId: z.string().min(1).max(64),
  theme: Theme.default('system'),
  /** In launcher order: new ones come last, so that numbers stay where hands know them. */
  workspaces: z.array(RememberedWorkspace),
});
type SettingsFile = z.infer<typeof SettingsFile>;

export interface SettingsOptions {
  readonly file: string;
  readonly now: () => Date;
  readonly newInstallId: () => string;
  /** Workspaces of the configuration; a frame remembered from the relay wins over the configured one. */
  readonly configured: readonly { readonly orgId: OrgId; readonly frame: WorkspaceFrame }[];
}

export class Settings {
  readonly #file: string;
  #content: SettingsFile;
  /** Set when an unreadable file was moved away at the start. */
  readonly setAside: string | null;

  constructor({ file, now, newInstallId, configured }: SettingsOptions) {
    this.#file = file;
    const read = readJsonFile(file, SettingsFile, now);
    this.setAside = read.kind === 'set_aside' ? read.movedTo : null;
    const before =
      read.kind === 'value'
        ? read.value
        : { version: 1 as const, installId: newInstallId(), theme: 'system' as const, workspaces: [] };
    const known = new Set(before.workspaces.map(({ orgId }) => orgId));
    const added = configured
      .filter(({ orgId }) => !known.has(orgId))
      .map(({ orgId, frame }) => ({ orgId, frame, lastOpenedAt: null, review: null, bounds: null }));
    this.#content = { ...before, workspaces: [...before.workspaces, ...added] };
    if (read.kind !== 'value' || added.length > 0) this.#save();
  }

  get installId(): string {
    return this.#content.installId;
  }

  get theme(): Theme {
    return this.#content.theme;
  }

  /** The one after the present one, in their order. */
  nextTheme(): Theme {
    const themes = Theme.options;
    const theme = themes[(themes.indexOf(this.theme) + 1) % themes.length] ?? 'system';
    this.#content = { ...this.#content, theme };
    this.#save();
    return theme;
  }

  get workspaces(): readonly RememberedWorkspace[] {
    return this.#content.workspaces;
  }

  workspace(orgId: OrgId): RememberedWorkspace | undefined {
    return this.#content.workspaces.find((one) => one.orgId === orgId);
  }

  /** Puts new workspaces last; known ones stay as they are. */
  add(workspaces: readonly Pick<RememberedWorkspace, 'orgId' | 'frame'>[]): void {
    const added = workspaces
      .filter(({ orgId }) => this.workspace(orgId) === undefined)
      .map(({ orgId, frame }) => ({ orgId, frame, lastOpenedAt: null, review: null, bounds: null }));
    this.#content = { ...this.#content, workspaces: [...this.#content.workspaces, ...added] };
    this.#save();
  }

  /** This computer knows it no more. */
  forget(orgId: OrgId): void {
    const workspaces = this.#content.workspaces.filter((one) => one.orgId !== orgId);
    this.#content = { ...this.#content, workspaces };
    this.#save();
  }

  /** Changes a known workspace; an unknown one stays unknown. */
  remember(orgId: OrgId, change: Partial<Omit<RememberedWorkspace, 'orgId'>>): void {
    const workspaces = this.#content.workspaces.map((one) =>
      one.orgId === orgId ? { ...one, ...change } : one,
    );
    this.#content = { ...this.#content, workspaces };
    this.#save();
  }

  /**
   * What the relay has stored, as far as it goes: an administrator of that client wrote it. The name stays the one that
   * main itself was told by Clerk (or the configuration), so that no client goes by the name of another.
   */
  rememberMarks(orgId: OrgId, { colour, glyph, code }: Marks): WorkspaceFrame | null {
    const known = this.workspace(orgId);
    if (known === undefined) return null;
    const frame = { ...known.frame, colour, glyph, code };
    this.remember(orgId, { frame });
    return frame;
  }

  #save(): void {
    writeJsonFile(this.#file, this.#content);
  }
}
