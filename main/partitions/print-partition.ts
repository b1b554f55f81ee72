// Where a report is printed: in memory, without network, and but for the one file without the disk.
import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { session, type Session } from 'electron';

export function printPartition(htmlFile: string): Session {
  // Its own each time: the last filter counts for all, and one client's page may be printed beside another's.
  const partition = session.fromPartition(`print-${randomUUID()}`);
  const allowed = pathToFileURL(htmlFile).href;
  partition.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  partition.setPermissionCheckHandler(() => false);
  partition.on('will-download', (event) => event.preventDefault());
  partition.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: url !== allowed }));
  return partition;
}
