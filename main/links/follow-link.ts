import type { LinkInArguments } from './link-in-arguments.ts';
import type { Launcher } from '../windows/launcher.ts';
import type { WorkspaceWindows } from '../windows/workspace-windows.ts';

/** The same words for an unknown workspace, a forbidden one and a broken link: none can be told from another. */
const UNKNOWN_LINK = {
  code: 'link_unknown',
  text: 'This link leads to no workspace on this computer. Nothing was opened.',
} as const;

/** Opens the link's own window. Signs nobody in, connects to nothing, touches no other window. */
export function followLink(found: LinkInArguments, windows: WorkspaceWindows, launcher: Launcher): void {
  if (found.kind === 'none') {
    launcher.show();
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
