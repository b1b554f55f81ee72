// Writes a recording as an asciicast file: relay → here → main's file, a page at a time, nothing kept.
import type { SessionReview } from '#protocol/records.ts';
import type { Call } from '../../connection/relay-client.ts';
import { castWriter } from './cast-writer.ts';
import type { CastVersion } from './cast-writer.ts';
import type { EvidenceFile, Exported } from './export-evidence.ts';
import { failed, textOfFailure } from './export-evidence.ts';
import { readRecording } from './read-recording.ts';

/** @param onProgress bytes of output written, of how many */
export async function downloadRecording(
  call: Call,
  file: EvidenceFile,
  session: SessionReview,
  version: CastVersion,
  onProgress: (done: number, total: number) => void,
): Promise<Exported> {
  try {
    const name = await file.begin(nameOf(session));
    if (name === null) return { kind: 'cancelled' };
    const writer = castWriter(session, version);
    let events = 0;
    const refused = await readRecording(call, session.sessionId, 'download', async (page) => {
      await file.append(writer.write(page));
      events += page.length;
      onProgress(page.at(-1)?.offsetBytes ?? 0, session.bytesOut);
      return true;
    });
    if (refused !== null) return await failed(file, refused.text);
    await file.append(writer.end());
    await file.end();
    return { kind: 'done', name, events };
  } catch (error) {
    return failed(file, textOfFailure(error));
  }
}

function nameOf({ machineName, startedAt }: SessionReview): string {
  const machine = machineName
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 30);
  const at = new Date(startedAt)
    .toISOString()
    .slice(0, 16)
    .replaceAll(/[^0-9]/g, '');
  return `recording-${machine}-${at}.cast`;
}
