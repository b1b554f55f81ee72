// What main tells a window about itself. A workspace window's organization comes from its partition,
// decided by main when it made the window; the renderer can read it and never set it.
import { z } from 'zod';
import { AlertId, MachineId, OrgId } from '#protocol/ids.ts';
import { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { KeyChanges } from './key-changes.ts';

export const WorkspaceWindow = z.object({
  orgId: OrgId,
  frame: WorkspaceFrame,
  relayUrl: z.url(),
  publishableKey: z.string(),
  /** How this window came to ask for sign-in; recorded with the entry. */
  via: z.enum(['launcher', 'link', 'switch']),
  device: z.object({ installId: z.string(), appVersion: z.string(), windowId: z.string() }),
  /** A link followed before the entry: shown, and opened only after it. */
  link: z.object({ machineId: MachineId, alertId: AlertId.nullable() }).nullable(),
  /** Secrets can be kept on this computer (a real key store is there). */
  remembersDevice: z.boolean(),
  keys: KeyChanges,
});
export type WorkspaceWindow = z.infer<typeof WorkspaceWindow>;

/** `system`: as the computer's other windows. */
export const Theme = z.enum(['system', 'dark', 'light']);
export type Theme = z.infer<typeof Theme>;

export const KnownWorkspace = z.object({
  orgId: OrgId,
  frame: WorkspaceFrame,
  /** Codes of the clients on this computer whose names are easily taken for this one's. */
  lookAlikes: z.array(z.string()),
  state: z.enum(['closed', 'signed_out', 'open']),
  /** Of its open window: Alt and this digit go there. Null: no window, or more than nine are open before it. */
  windowNumber: z.number().int().min(1).max(9).nullable(),
  lastOpenedAt: z.number().int().nullable(),
  /** Whether tonight is reviewed, for one who reviews it; null: they do not. */
  review: z.enum(['due', 'done']).nullable().default(null),
});
export type KnownWorkspace = z.infer<typeof KnownWorkspace>;

export const LauncherState = z.object({
  workspaces: z.array(KnownWorkspace),
  /** `switch`: choosing locks `from`, and the chosen one demands a fresh sign-in. */
  mode: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('open') }),
    z.object({ kind: z.literal('switch'), from: KnownWorkspace }),
  ]),
  /** Something to say: an unknown link, a configuration problem. */
  notice: z.object({ code: z.string(), text: z.string() }).nullable(),
});
export type LauncherState = z.infer<typeof LauncherState>;

/** A client that can be added to this computer, with the frame it would have. */
export const OfferedWorkspace = z.object({
  orgId: OrgId,
  frame: WorkspaceFrame,
  /** On this computer already, with this frame. */
  known: z.boolean(),
});
export type OfferedWorkspace = z.infer<typeof OfferedWorkspace>;

/** What the paste warning shows. Drawn by main's own view, never by a workspace's renderer. */
export const PasteWarning = z.object({
  reason: z.enum(['other_workspace', 'outside']),
  /** Where it was copied; null for text from outside. */
  source: WorkspaceFrame.nullable(),
  target: WorkspaceFrame,
  /** Machine whose session it would be typed into; null: a text field, or none is named. */
  machine: z.string().nullable(),
  /** What would be typed. */
  text: z.string(),
  /** The same before anything was taken out of it, line by line. */
  original: z.string(),
  lines: z.number().int(),
  bytes: z.number().int(),
  controlChars: z.number().int(),
});
export type PasteWarning = z.infer<typeof PasteWarning>;
