// A runbook file that a person chose in main's own dialog: a page names no path and reads nothing but this text.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';

/** Fifty steps of 2,000 characters, in any script, and all that stands around them. */
const BYTES_MAX = 1024 * 1024;

export type RunbookFile =
  | { readonly ok: true; readonly name: string; readonly text: string }
  | { readonly ok: false; readonly code: string; readonly text: string };

export async function readRunbookFile(path: string): Promise<RunbookFile> {
  const name = basename(path);
  try {
    // A pipe or a device would never end, nor even open.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) return failed('file_unreadable', `${name} is no file. Choose another.`);
      if (stat.size > BYTES_MAX)
        return failed('file_too_large', `${name} is larger than a runbook can be, 1 MB. Choose another.`);
      const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.readFile());
      return { ok: true, name, text };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof TypeError)
      return failed('file_not_text', `${name} is not text in UTF-8. Save it as that, then choose it again.`);
    const reason = error instanceof Error ? error.message : String(error);
    return failed('file_unreadable', `${name} cannot be read: ${reason}. Choose another.`);
  }
}

function failed(code: string, text: string): RunbookFile {
  return { ok: false, code, text };
}
