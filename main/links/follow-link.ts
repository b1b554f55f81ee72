import type { BrowserSignIns } from '../identity/browser-sign-ins.ts';
import type { LinkInArguments } from './link-in-arguments.ts';
import type { Launcher } from '../windows/launcher.ts';
import type { WorkspaceWindows } from '../windows/workspace-windows.ts';

/** The same words for an unknown workspace, a forbidden one and a broken link: none can be told from another. */
const UNKNOWN_LINK = {
  code: 'link_unknown',
  text: 'This link leads to no workspace on this computer. Nothing was opened.',
} as const;

/** The same words for a forged, a used, a foreign and a late one. */
const UNKNOWN_SIGN_IN = {
  code: 'sign_in_unknown',
  text: 'A browser came back from a sign-in that no window waits for. Nobody was signed in.',
} as const;

/**
 * Opens the link's own window. Signs nobody in, connects to nothing, touches no other window. Coming back from the
 * browser, the window that went there goes on with its sign-in; no other is asked, and none is opened.
 */
export function followLink(
  found: LinkInArguments,
  windows: WorkspaceWindows,
  launcher: Launcher,
  browserSignIns: BrowserSignIns,
): void {
  if (found.kind === 'none') {
    launcher.show();
    return;
  }
  if (found.kind === 'sign_in') {
    void browserSignIns.cameBack(found.callback).then((taken) => {
      if (!taken) launcher.say(UNKNOWN_SIGN_IN);
    });
    return;
  }
  const opened =
    found.kind === 'link' &&
    windows.open(found.link.orgId, 'link', {
      machineId: found.link.machineId,
      alertId: found.link.alertId,
    }) !== null;
  if (!opened) launcher.say(UNKNOWN_LINK);
}
