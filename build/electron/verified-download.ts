import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Failure, Log } from '../command-line.ts';

/** Subresource-integrity style hash of a file: `sha512-` and base64. */
export async function fileIntegrity(path: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  return `sha512-${hash.digest('base64')}`;
}

export interface VerifiedDownload {
  /** Emptied before each try. */
  readonly folder: string;
  readonly integrity: string;
  /** Puts one file into the folder and returns its path, or why it could not. */
  readonly fetch: (folder: string) => Promise<{ readonly ok: true; readonly path: string } | Failure>;
  readonly tries: number;
  readonly log: Log;
}

/**
 * Downloads a file and checks it against its known hash. A download that fails, or is not the file it should be, is
 * tried again from an empty folder. Returns the path, or the failure of the last try.
 */
export async function downloadVerified(
  download: VerifiedDownload,
): Promise<{ readonly ok: true; readonly path: string } | Failure> {
  const { folder, integrity, fetch, tries, log } = download;
  for (let left = tries - 1; ; left -= 1) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const failure = await attempt(folder, integrity, fetch);
    if (failure.ok || left === 0) return failure;
    log(`${failure.message} Trying again from scratch.`);
  }
}

async function attempt(
  folder: string,
  integrity: string,
  fetch: VerifiedDownload['fetch'],
): Promise<{ readonly ok: true; readonly path: string } | Failure> {
  const fetched = await fetch(folder);
  if (!fetched.ok) return fetched;
  const found = await fileIntegrity(fetched.path);
  if (found === integrity) return fetched;
  return {
    ok: false,
    code: 'electron_download_broken',
    message: `The downloaded file is broken or was changed on its way (its hash is ${found}, expected ${integrity}).`,
    next: 'Run the command again. If it stays, a proxy or a registry mirror is altering the file.',
  };
}
