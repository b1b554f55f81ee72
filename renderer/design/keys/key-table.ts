// Every key of the console, in one table: what binds them, what the overlay lists and what a terminal must let
// through are all read from here. Chords are tinykeys': `KeyL` is the physical key, `/` the character.
import { fixedChords } from '#contract/key-changes.ts';
import type { KeyRow } from './key-row.ts';
import { paneKeys } from './pane-keys.ts';
import { reviewKeys } from './review-keys.ts';

export const keyTable = {
  palette: {
    chord: 'Control+Shift+KeyP',
    scope: 'everywhere',
    group: 'Console',
    does: 'Find an action by its name',
  },
  keys: { chord: 'Control+Shift+Slash', scope: 'everywhere', group: 'Console', does: 'Show all keys' },
  help: { chord: 'Shift+?', scope: 'workspace', group: 'Console', does: 'Show all keys, outside fields' },
  changeKeys: {
    chord: 'Control+Shift+Comma',
    scope: 'everywhere',
    group: 'Console',
    does: 'Change keys',
  },
  lock: { chord: fixedChords.lock, scope: 'everywhere', group: 'Client', does: 'Lock this client' },
  switchClient: {
    chord: fixedChords.switchClient,
    scope: 'everywhere',
    group: 'Client',
    does: 'Switch to another client, with a fresh sign-in there',
  },
  policy: {
    chord: 'Control+Shift+KeyY',
    scope: 'everywhere',
    group: 'Client',
    does: 'Rules of this client: sign-in, idle time, second factor',
  },
  stream: {
    chord: 'Control+Shift+KeyG',
    scope: 'everywhere',
    group: 'Client',
    does: 'Live stream of the record to a SIEM, as an administrator',
  },
  launcher: {
    chord: 'Control+Shift+KeyO',
    scope: 'everywhere',
    group: 'Client',
    does: 'Open another client beside this one',
  },
  theme: {
    chord: 'Control+Shift+KeyD',
    scope: 'everywhere',
    group: 'Console',
    does: 'Dark, light, or as the system, in turn',
  },
  machines: {
    chord: 'Control+Shift+KeyM',
    scope: 'everywhere',
    group: 'Go to',
    does: 'Machines',
  },
  search: { chord: 'Control+Shift+KeyK', scope: 'everywhere', group: 'Go to', does: 'Search machines' },
  slash: {
    chord: '/',
    also: ['Control+KeyK'],
    scope: 'search',
    group: 'Go to',
    does: 'Search, outside terminals',
  },
  runbooks: { chord: 'Control+Shift+KeyR', scope: 'everywhere', group: 'Go to', does: 'Runbooks' },
  review: { chord: 'Control+Shift+KeyE', scope: 'everywhere', group: 'Go to', does: 'Review' },
  newSession: {
    chord: 'Control+Shift+KeyT',
    scope: 'everywhere',
    group: 'Session',
    does: 'Another session on the same machine',
  },
  closeSession: {
    chord: fixedChords.closeSession,
    scope: 'everywhere',
    group: 'Session',
    does: 'End the session and close its pane, with the last one the tab',
  },
  nextTab: { chord: 'Control+Tab', scope: 'everywhere', group: 'Session', does: 'Next tab', repeats: true },
  previousTab: {
    chord: 'Control+Shift+Tab',
    scope: 'everywhere',
    group: 'Session',
    does: 'Previous tab',
    repeats: true,
  },
  ...paneKeys,
  copy: { chord: fixedChords.copy, scope: 'everywhere', group: 'Session', does: 'Copy the selection' },
  paste: { chord: fixedChords.paste, scope: 'everywhere', group: 'Session', does: 'Paste' },
  find: { chord: 'Control+Shift+KeyF', scope: 'everywhere', group: 'Session', does: 'Find in the terminal' },
  selectLines: {
    chord: 'Control+Shift+Space',
    scope: 'everywhere',
    group: 'Session',
    does: 'Select text with the arrow keys',
  },
  scrollUp: {
    chord: 'Shift+PageUp',
    scope: 'everywhere',
    group: 'Session',
    does: 'Scroll back a page',
    repeats: true,
  },
  scrollDown: {
    chord: 'Shift+PageDown',
    scope: 'everywhere',
    group: 'Session',
    does: 'Scroll on a page',
    repeats: true,
  },
  fontLarger: {
    chord: 'Control+Equal',
    also: ['Control+Shift+Equal', 'Control+NumpadAdd'],
    scope: 'everywhere',
    group: 'Session',
    does: 'Larger text in terminals',
    repeats: true,
  },
  fontSmaller: {
    chord: 'Control+Minus',
    also: ['Control+NumpadSubtract'],
    scope: 'everywhere',
    group: 'Session',
    does: 'Smaller text in terminals',
    repeats: true,
  },
  fontUsual: {
    chord: 'Control+Digit0',
    scope: 'everywhere',
    group: 'Session',
    does: 'Text in terminals as at first',
  },
  takeUp: {
    chord: fixedChords.takeUp,
    scope: 'everywhere',
    group: 'Session',
    does: 'Take up a session that still runs, take over one that you watch',
  },
  loadSkipped: {
    chord: 'Control+Shift+KeyH',
    scope: 'everywhere',
    group: 'Session',
    does: 'Load the output that was skipped while away',
  },
  endRun: {
    chord: fixedChords.endRun,
    scope: 'everywhere',
    group: 'Session',
    does: 'Stop the runbook, or put its result away',
  },

  enroll: {
    chord: 'Control+Shift+KeyN',
    scope: 'machines',
    group: 'Lists',
    does: 'Enroll a machine, as an administrator',
  },
  listDown: {
    chord: 'j',
    also: ['ArrowDown'],
    scope: 'machines',
    group: 'Lists',
    does: 'Down',
    moves: true,
    repeats: true,
  },
  listUp: {
    chord: 'k',
    also: ['ArrowUp'],
    scope: 'machines',
    group: 'Lists',
    does: 'Up',
    moves: true,
    repeats: true,
  },
  listOpen: { chord: 'Enter', scope: 'machines', group: 'Lists', does: 'Open', moves: true },
  cardOpen: { chord: 'Enter', scope: 'card', group: 'Machine card', does: 'Open a session' },
  cardBeside: {
    chord: 'b',
    scope: 'card',
    group: 'Machine card',
    does: 'Open a session beside the one shown last',
  },
  cardProbe: { chord: 'r', scope: 'card', group: 'Machine card', does: 'Ask the machine again' },
  cardWatch: { chord: 'w', scope: 'card', group: 'Machine card', does: 'Watch the session that runs' },
  cardTake: {
    chord: 'Shift+T',
    scope: 'card',
    group: 'Machine card',
    does: 'Take over the session that runs',
  },
  cardRename: { chord: 'F2', scope: 'card', group: 'Machine card', does: 'Rename, as an administrator' },
  cardRemove: { chord: 'Delete', scope: 'card', group: 'Machine card', does: 'Remove, as an administrator' },
  cardRelease: {
    chord: 'u',
    scope: 'card',
    group: 'Machine card',
    does: 'Settle the alert about its key, as an administrator',
  },
  cardBack: { chord: 'Escape', scope: 'card', group: 'Machine card', does: 'Back to the list' },
  enrollDown: {
    chord: 'j',
    also: ['ArrowDown'],
    scope: 'enrollment',
    group: 'Enrollment',
    does: 'Next open code',
    repeats: true,
  },
  enrollUp: {
    chord: 'k',
    also: ['ArrowUp'],
    scope: 'enrollment',
    group: 'Enrollment',
    does: 'Code before',
    repeats: true,
  },
  enrollRotate: {
    chord: 'r',
    scope: 'enrollment',
    group: 'Enrollment',
    does: 'A new code in its place; the old one dies',
  },
  enrollRevoke: {
    chord: 'Delete',
    also: ['x'],
    scope: 'enrollment',
    group: 'Enrollment',
    does: 'Revoke the code',
  },
  endedClose: {
    chord: 'Enter',
    scope: 'ended',
    group: 'Session',
    does: 'Close the pane of an ended session',
  },
  runbookDown: {
    chord: 'j',
    also: ['ArrowDown'],
    scope: 'runbooks',
    group: 'Runbooks',
    does: 'Down',
    moves: true,
    repeats: true,
  },
  runbookUp: {
    chord: 'k',
    also: ['ArrowUp'],
    scope: 'runbooks',
    group: 'Runbooks',
    does: 'Up',
    moves: true,
    repeats: true,
  },
  runbookRun: {
    chord: 'Enter',
    scope: 'runbooks',
    group: 'Runbooks',
    does: 'To its values, then to Run: one more runs it',
  },
  runbookCopy: { chord: 'c', scope: 'runbooks', group: 'Runbooks', does: 'Copy the steps' },
  runbookMarkdown: { chord: 'm', scope: 'runbooks', group: 'Runbooks', does: 'Copy as Markdown' },
  runbookSave: { chord: 's', scope: 'runbooks', group: 'Runbooks', does: 'Save as a Markdown file' },
  runbookImport: {
    chord: 'i',
    scope: 'runbooks',
    group: 'Runbooks',
    does: 'Read one from Markdown, as an administrator',
  },
  runbookImportFile: {
    chord: 'Control+KeyO',
    scope: 'import',
    group: 'Runbooks',
    does: 'While reading one in: choose a file',
  },
  runbookImportSave: {
    chord: 'Control+Enter',
    scope: 'import',
    group: 'Runbooks',
    does: 'While reading one in: save it here',
  },
  runbookBack: { chord: 'Escape', scope: 'runbooks', group: 'Runbooks', does: 'Close' },

  ...reviewKeys,

  signInRestart: {
    chord: 'Control+KeyB',
    scope: 'sign_in',
    group: 'Sign-in',
    does: 'Start again, with another address',
  },
  signInOther: { chord: 'Control+KeyO', scope: 'sign_in', group: 'Sign-in', does: 'Another way to sign in' },
  signInResend: { chord: 'Control+KeyR', scope: 'sign_in', group: 'Sign-in', does: 'Send the code again' },
  launcherAdd: { chord: 'Control+KeyN', scope: 'launcher', group: 'Launcher', does: 'Add clients' },
  launcherForget: {
    chord: 'Control+Delete',
    scope: 'launcher',
    group: 'Launcher',
    does: 'Remove the chosen client from this computer',
  },
  launcherFrame: {
    chord: 'Control+KeyE',
    scope: 'launcher',
    group: 'Launcher',
    does: 'Change how the chosen open client looks, as its administrator',
  },
  launcherTheme: {
    chord: 'Control+KeyD',
    scope: 'launcher',
    group: 'Launcher',
    does: 'Dark, light, or as the system, in turn',
  },
  launcherCancel: { chord: 'Escape', scope: 'launcher', group: 'Launcher', does: 'Cancel' },
  addAll: { chord: 'Control+KeyA', scope: 'add', group: 'Add clients', does: 'Choose all, or none' },
  addConfirm: { chord: 'Enter', scope: 'add', group: 'Add clients', does: 'Add the chosen ones' },
  addCancel: { chord: 'Escape', scope: 'add', group: 'Add clients', does: 'Cancel' },
  pasteRelease: {
    chord: 'Control+Shift+Enter',
    scope: 'paste',
    group: 'Held paste',
    does: 'Release the text into the terminal',
  },
  pasteDiscard: { chord: 'Escape', scope: 'paste', group: 'Held paste', does: 'Discard' },
} as const satisfies Record<string, KeyRow>;

export type KeyAction = keyof typeof keyTable;

/** Actions of a bare Enter. */
export type EnterAction = {
  [A in KeyAction]: (typeof keyTable)[A]['chord'] extends 'Enter' ? A : never;
}[KeyAction];

export const keyRows: readonly (KeyRow & { readonly action: KeyAction })[] = Object.entries(keyTable).flatMap(
  ([action, row]) => (isKeyAction(action) ? [{ action, ...row }] : []),
);

/** Alt+1 … Alt+9: the window of the open client with that number. */
export const WINDOW_NUMBER_CHORDS = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => ({
  number,
  chord: `Alt+Digit${number}`,
}));

/** Chords of one row, the shown one first. */
export function chordsOf(action: KeyAction): readonly string[] {
  const row: KeyRow = keyTable[action];
  return [row.chord, ...(row.also ?? [])];
}

function isKeyAction(value: string): value is KeyAction {
  return Object.hasOwn(keyTable, value);
}
