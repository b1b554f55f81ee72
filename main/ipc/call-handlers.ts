// What each call does: one line to the feature that does it.
import type { Theme } from '#contract/window-state.ts';
import type { HeldPaste, PasteWarnings } from '../clipboard/paste-warnings.ts';
import type { WorkspaceClipboard } from '../clipboard/workspace-clipboard.ts';
import type { EvidenceFiles } from '../evidence/evidence-files.ts';
import type { BrowserOutcome, BrowserSignIns } from '../identity/browser-sign-ins.ts';
import { readRunbookFile } from '../runbooks/read-runbook-file.ts';
import type { KeySettings } from '../settings/key-settings.ts';
import type { Settings } from '../settings/settings.ts';
import type { AddClients } from '../windows/add-clients.ts';
import type { Launcher } from '../windows/launcher.ts';
import type { WorkspaceWindow } from '../windows/workspace-window.ts';
import type { WorkspaceWindows } from '../windows/workspace-windows.ts';
import { CallError, type CallHandlers } from './answer-calls.ts';
import { emit } from './emit.ts';

export interface CallHandlersOptions {
  readonly windows: WorkspaceWindows;
  readonly launcher: Launcher;
  readonly addClients: AddClients;
  readonly settings: Settings;
  readonly keys: KeySettings;
  readonly onTheme: (theme: Theme) => void;
  readonly clipboard: WorkspaceClipboard;
  readonly warnings: PasteWarnings;
  readonly browserSignIns: BrowserSignIns;
  readonly evidenceFiles: EvidenceFiles<WorkspaceWindow>;
  /** Null: the person thought better of it. */
  readonly askRunbookPath: (window: WorkspaceWindow) => Promise<string | null>;
}

export function callHandlers({
  windows,
  launcher,
  addClients,
  settings,
  keys,
  onTheme,
  clipboard,
  warnings,
  browserSignIns,
  evidenceFiles,
  askRunbookPath,
}: CallHandlersOptions): CallHandlers<WorkspaceWindow, HeldPaste> {
  const nextTheme = () => {
    const theme = settings.nextTheme();
    onTheme(theme);
    return { theme };
  };
  return {
    'launcher.state': () => launcher.state(),
    'launcher.open': async ({ orgId }) => {
      if (!(await launcher.choose(orgId)))
        throw new CallError('workspace_unknown', 'This computer does not know that workspace.');
    },
    'launcher.cancel': () => launcher.cancel(),
    'launcher.dismissNotice': () => launcher.dismissNotice(),
    'launcher.addClients': () => addClients.show(),
    'launcher.forget': async ({ orgId }) => {
      if (!(await launcher.forget(orgId)))
        throw new CallError('window_open', 'Close its window first, then remove it.');
    },
    'launcher.changeFrame': ({ orgId, marks }) => {
      const against = launcher.changeFrame(orgId, marks);
      if (against !== null) throw new CallError(against, FRAME_TEXT[against]);
    },
    'launcher.nextTheme': () => nextTheme(),

    'add.window': () => addClients.describe(),
    'add.offer': async () => {
      const offer = await addClients.offer();
      if (!offer.ok) throw new CallError(offer.code, offer.text);
      return [...offer.workspaces];
    },
    'add.choose': ({ orgIds }) => addClients.choose(orgIds),
    'add.cancel': () => addClients.close(),
    'add.signInWithBrowser': async () => cameBack(await addClients.signInWith(browserSignIns)),

    'workspace.window': (_params, { window }) => windows.describe(window),
    'workspace.setState': ({ state }, { window }) => window.setState(state),
    'workspace.reviews': ({ done }, { window }) => launcher.noteReview(window.orgId, done),
    'workspace.setMachine': ({ name }, { window }) => window.setMachine(name),
    'workspace.rememberMarks': (marks, { window }) => {
      const frame = settings.rememberMarks(window.orgId, marks);
      if (frame !== null) window.setFrame(frame);
    },
    'workspace.frameRefused': ({ why }, { window }) =>
      launcher.frameRefused(window, { code: why, text: REFUSED_TEXT[why] }),
    // As a person's keys come to the window before them: no page in the background changes what hands know.
    'workspace.changeKeys': (changes, { window }) => {
      if (!window.browserWindow.isFocused())
        throw new CallError('call_refused', 'This window is not in front.');
      keys.change(changes);
      for (const each of windows.list()) emit(each.contents, 'workspace.keys', changes);
    },
    'workspace.nextTheme': () => nextTheme(),
    // A person's keys reach the window before them: a page in the background moves the focus nowhere, or what
    // is being typed for one client would end up with another.
    'workspace.requestSwitch': (_params, { window }) => {
      if (window.browserWindow.isFocused()) launcher.startSwitch(window);
    },
    'workspace.showLauncher': (_params, { window }) => {
      if (window.browserWindow.isFocused()) launcher.show();
    },
    'workspace.focusNumber': ({ number }, { window }) => {
      if (window.browserWindow.isFocused()) windows.focusNumber(number);
    },
    'workspace.signInWithBrowser': async (_params, { window }) =>
      cameBack(await browserSignIns.begin(window.options.identity, () => window.focus())),
    'workspace.endSignIn': async (_params, { window }) => {
      const ended = await window.options.identity.endSignIn();
      if (!ended.ok)
        throw new CallError(
          ended.code,
          'The sign-in is forgotten here, but the sign-in service could not be told. It is told before the next sign-in.',
        );
    },
    'workspace.left': async (_params, { window }) => {
      window.hasLeft();
      await evidenceFiles.cancel(window);
    },

    'clipboard.copy': ({ text }, { window }) => clipboard.copy(window, text),
    'clipboard.refused': ({ how }, { window }) => clipboard.refuse(window, how),
    'clipboard.paste': ({ intoTerminal }, { window }) => clipboard.paste(window, intoTerminal),

    // A dialog from the background would take the keys of whoever types elsewhere, and Enter chooses its place.
    'evidence.file': async (params, { window }) => {
      if (params.step === 'begin' && !window.browserWindow.isFocused()) return { name: null };
      if (params.step === 'cancel') {
        await evidenceFiles.cancel(window);
        return { name: null };
      }
      const written =
        params.step === 'begin'
          ? await evidenceFiles.begin(window, params.name)
          : params.step === 'append'
            ? await evidenceFiles.append(window, params.text)
            : await evidenceFiles.end(window);
      if (written.ok) return { name: written.name };
      throw new CallError(
        'file_unwritable',
        `The file could not be written: ${written.reason}. Choose another place and try again.`,
      );
    },

    'runbook.readFile': async (_params, { window }) => {
      if (!window.browserWindow.isFocused()) return null;
      const path = await askRunbookPath(window);
      if (path === null) return null;
      const read = await readRunbookFile(path);
      if (!read.ok) throw new CallError(read.code, read.text);
      return { name: read.name, text: read.text };
    },

    'paste.warning': (_params, { held }) => held.warning,
    'paste.decide': ({ release }, { held }) => warnings.decide(held, release),
  };
}

const FRAME_TEXT = {
  window_closed: 'Open this client and sign in first: its administrator changes how it looks.',
  code_taken: 'Another client here has this code.',
  marks_taken: 'Another client here has this colour and this glyph.',
  colour_of_look_alike: 'A client with a name like this one has this colour.',
} as const;

const REFUSED_TEXT = {
  role_insufficient: 'Only an administrator of that client changes how it looks.',
  conflict: 'Somebody else has just changed how that client looks. Look again, then change it.',
  other: 'The relay did not take the change. How that client looks is as it was.',
} as const;

function cameBack(outcome: BrowserOutcome | null): void {
  // The window that asked is going.
  if (outcome === null || outcome.ok) return;
  throw new CallError(outcome.code, outcome.text);
}
