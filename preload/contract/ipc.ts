// Every call and event between a renderer and main: one map, validated in main on arrival and there alone
// bound to the sender. No call names an organization; main takes it from the window that called.
import { z } from 'zod';
import { OrgId } from '#protocol/ids.ts';
import { PasteReport } from '#protocol/control/verbs.ts';
import { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { KeyChanges } from './key-changes.ts';
import { LauncherState, OfferedWorkspace, PasteWarning, Theme, WorkspaceWindow } from './window-state.ts';

/** Which of main's windows may call it. */
export type Surface = 'launcher' | 'add' | 'workspace' | 'paste';

interface Call {
  readonly surface: Surface;
  readonly params: z.ZodType;
  readonly result: z.ZodType;
}

const Nothing = z.undefined();
const FrameMarks = WorkspaceFrame.pick({ colour: true, glyph: true, code: true });
const Text = z.string().max(4 * 1024 * 1024);

export const PasteAnswer = z.discriminatedUnion('kind', [
  /** Safe to insert: same workspace, or plain from outside. */
  z.object({ kind: z.literal('text'), text: z.string(), report: PasteReport.omit({ decision: true }) }),
  /** Main holds the text and shows the warning. If released, it arrives as the `paste.released` event. */
  z.object({ kind: z.literal('held'), report: PasteReport }),
  z.object({ kind: z.literal('empty') }),
]);
export type PasteAnswer = z.infer<typeof PasteAnswer>;

export const calls = {
  'launcher.state': { surface: 'launcher', params: Nothing, result: LauncherState },
  'launcher.open': { surface: 'launcher', params: z.object({ orgId: OrgId }), result: Nothing },
  /** Leaves switch mode, nothing changed; or hides the launcher. */
  'launcher.cancel': { surface: 'launcher', params: Nothing, result: Nothing },
  'launcher.dismissNotice': { surface: 'launcher', params: Nothing, result: Nothing },
  /** Opens the window that adds clients, or comes back to it. */
  /** This computer forgets a client whose window is closed: its place in the list, its partition, its device. */
  'launcher.forget': { surface: 'launcher', params: z.object({ orgId: OrgId }), result: Nothing },
  /**
   * How an open client looks, checked against the others here; its own page asks the relay, which takes it from an
   * administrator alone.
   */
  'launcher.changeFrame': {
    surface: 'launcher',
    params: z.object({ orgId: OrgId, marks: FrameMarks }),
    result: Nothing,
  },
  /** Dark, light or as the system, in turn; for every window. */
  'launcher.nextTheme': { surface: 'launcher', params: Nothing, result: z.object({ theme: Theme }) },
  'launcher.addClients': { surface: 'launcher', params: Nothing, result: Nothing },

  'add.window': { surface: 'add', params: Nothing, result: z.object({ publishableKey: z.string() }) },
  /** Every client of whoever has signed in there, by name. The sign-in ends with the answer. */
  'add.offer': { surface: 'add', params: Nothing, result: z.array(OfferedWorkspace) },
  /** Adds those of the offer and closes the window; what was not offered is not added. */
  'add.choose': {
    surface: 'add',
    params: z.object({ orgIds: z.array(OrgId).min(1).max(2000) }),
    result: Nothing,
  },
  'add.cancel': { surface: 'add', params: Nothing, result: Nothing },
  /** As `workspace.signInWithBrowser`, for the sign-in of this window. */
  'add.signInWithBrowser': { surface: 'add', params: Nothing, result: Nothing },

  'workspace.window': { surface: 'workspace', params: Nothing, result: WorkspaceWindow },
  /** Signed in and entered, or not any more: main shows it in the launcher and the title. */
  'workspace.setState': {
    surface: 'workspace',
    params: z.object({ state: z.enum(['signed_out', 'open']) }),
    result: Nothing,
  },
  /** Whoever is signed in here reviews this client; `done`: the last twelve hours, just now. */
  'workspace.reviews': { surface: 'workspace', params: z.object({ done: z.boolean() }), result: Nothing },
  /** Shown in the window title after the code and the client, never before them. Null: no machine. */
  'workspace.setMachine': {
    surface: 'workspace',
    params: z.object({ name: z.string().max(120).nullable() }),
    result: Nothing,
  },
  /** Those of the relay's stored frame, remembered for the next sign-in screen. The name is not the page's to say. */
  'workspace.rememberMarks': { surface: 'workspace', params: FrameMarks, result: Nothing },
  /** Opens the launcher in switch mode, with this window as the one to leave. */
  'workspace.requestSwitch': { surface: 'workspace', params: Nothing, result: Nothing },
  /** The relay did not take the frame that the launcher asked for: it says so there. */
  'workspace.frameRefused': {
    surface: 'workspace',
    params: z.object({ why: z.enum(['role_insufficient', 'conflict', 'other']) }),
    result: Nothing,
  },
  /** All changed keys, for every window from now on. */
  'workspace.changeKeys': { surface: 'workspace', params: KeyChanges, result: Nothing },
  'workspace.nextTheme': { surface: 'workspace', params: Nothing, result: z.object({ theme: Theme }) },
  /** The launcher, to open another workspace beside this one. */
  'workspace.showLauncher': { surface: 'workspace', params: Nothing, result: Nothing },
  /** The Nth open workspace window, in launcher order, gets focus; nothing else changes. */
  'workspace.focusNumber': {
    surface: 'workspace',
    params: z.object({ number: z.number().int().min(1).max(9) }),
    result: Nothing,
  },
  /**
   * Opens the page that the present sign-in was sent to in the system's browser. Main took its address out of the
   * identity service's answer; no page says where to. Answered when the person has come back from it.
   */
  'workspace.signInWithBrowser': { surface: 'workspace', params: Nothing, result: Nothing },
  /** Ends the Clerk session of this partition in main, for good. Answered when it is gone. */
  'workspace.endSignIn': { surface: 'workspace', params: Nothing, result: Nothing },
  /** The renderer has left the workspace after a `leave` event. */
  'workspace.left': { surface: 'workspace', params: Nothing, result: Nothing },

  /** Copy with provenance: main writes the clipboard and remembers where the text came from. */
  'clipboard.copy': { surface: 'workspace', params: z.object({ text: Text }), result: Nothing },
  /** A text was dropped, or the selection middle-clicked: none comes in, and the audit says so. */
  'clipboard.refused': {
    surface: 'workspace',
    params: z.object({ how: z.enum(['drop', 'selection']) }),
    result: Nothing,
  },
  'clipboard.paste': {
    surface: 'workspace',
    params: z.object({ intoTerminal: z.boolean() }),
    result: PasteAnswer,
  },

  /**
   * An evidence file, a recording or a runbook, written by the page where a person says so in main's dialog. A null name:
   * nowhere. One at a time; it has its name only once it is whole.
   */
  'evidence.file': {
    surface: 'workspace',
    params: z.discriminatedUnion('step', [
      z.object({
        step: z.literal('begin'),
        name: z.string().regex(/^[a-z0-9-]{1,60}\.(?:ndjson|cast|csv|html|pdf|md)$/),
      }),
      z.object({ step: z.literal('append'), text: Text }),
      z.object({ step: z.enum(['end', 'cancel']) }),
    ]),
    result: z.object({ name: z.string().nullable() }),
  },

  /** A runbook's text out of a file that a person chooses in main's dialog. Null: none. */
  'runbook.readFile': {
    surface: 'workspace',
    params: Nothing,
    result: z.object({ name: z.string(), text: Text }).nullable(),
  },

  'paste.warning': { surface: 'paste', params: Nothing, result: PasteWarning },
  'paste.decide': { surface: 'paste', params: z.object({ release: z.boolean() }), result: Nothing },
} as const satisfies Record<string, Call>;

export type CallName = keyof typeof calls;
export type CallParams<C extends CallName> = z.infer<(typeof calls)[C]['params']>;
export type CallResult<C extends CallName> = z.infer<(typeof calls)[C]['result']>;

export const events = {
  'launcher.changed': { surface: 'launcher', payload: LauncherState },
  /** A link for this workspace was followed while its window stood open. Shows the card; connects nothing. */
  'workspace.link': { surface: 'workspace', payload: WorkspaceWindow.shape.link.unwrap() },
  /**
   * Leave now. Main ends the Clerk session itself if `workspace.left` does not come within two seconds.
   * `switched`: the ceremony chose another client.
   */
  'workspace.leave': {
    surface: 'workspace',
    payload: z.object({ reason: z.enum(['locked', 'switched', 'closed']) }),
  },
  /** Keys were changed, here or in another window. */
  'workspace.keys': { surface: 'workspace', payload: KeyChanges },
  /** The launcher's frame editor: to be asked of the relay. */
  'workspace.changeFrame': { surface: 'workspace', payload: FrameMarks },
  /** The first Enter after a while elsewhere reached no page: say so, and which client this is. */
  'workspace.enterHeld': { surface: 'workspace', payload: z.object({}) },
  /** The ceremony chose this window: reverify before it accepts input, or sign in where it is locked. */
  'workspace.reverify': { surface: 'workspace', payload: z.object({}) },
  /** The deliberate chord released text held for a terminal. `report` is for the relay's audit. */
  'paste.released': { surface: 'workspace', payload: z.object({ text: z.string(), report: PasteReport }) },
  /** Text held for a text field was released: preload inserts it, no page listens. */
  'paste.releasedIntoField': { surface: 'workspace', payload: z.object({ text: z.string() }) },
  /** What happened to a text held for a text field; for the relay's audit, without a session. */
  'paste.fieldReport': { surface: 'workspace', payload: PasteReport },
} as const satisfies Record<string, { surface: Surface; payload: z.ZodType }>;

export type EventName = keyof typeof events;
export type EventPayload<E extends EventName> = z.infer<(typeof events)[E]['payload']>;

/** What preload exposes as `window.caisey`: nothing else reaches main. */
export interface CaiseyBridge {
  /** Rejects with a CallFailure. */
  readonly call: <C extends CallName>(
    name: C,
    ...params: undefined extends CallParams<C> ? [] : [CallParams<C>]
  ) => Promise<CallResult<C>>;
  /** @returns a function that stops listening */
  readonly on: <E extends EventName>(name: E, listener: (payload: EventPayload<E>) => void) => () => void;
}

export {
  CALL_CHANNEL,
  EVENT_CHANNEL,
  STYLE_NONCE_META,
  type CallFailure,
  type CallReply,
} from './channels.ts';

/** Page of each surface, under app://console/. */
export const PAGES = {
  launcher: 'launcher.html',
  add: 'add-clients.html',
  workspace: 'workspace.html',
  paste: 'paste-warning.html',
} as const;
export const APP_ORIGIN = 'app://console';
