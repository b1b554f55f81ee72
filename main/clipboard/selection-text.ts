import { clipboard } from 'electron';

type BySelection = (clipboard: 'selection') => string;

/** What is selected anywhere on an X11 screen, which a middle click would paste; empty on other systems. */
export async function selectionText(): Promise<string> {
  const { selection }: { readonly selection?: typeof clipboard } = clipboard;
  if (selection !== undefined) return selection.readText();
  // Before Electron 44 it was an argument of the clipboard itself, which is the clipboard where there is no selection.
  return process.platform === 'linux' ? (clipboard.readText as unknown as BySelection)('selection') : '';
}
