import { refuse } from './errors.ts';
import type { Refusal } from './errors.ts';
import { hasHidden } from './plain-text.ts';

/** In UTF-16 units, after normalising. */
export const MACHINE_NAME_MAX_LENGTH = 120;

/**
 * A machine's name as it is stored: NFC, no space around it, one space between words.
 * @returns `name_invalid` with a detail for the person when it is empty, too long, or holds hidden characters
 */
export function parseMachineName(text: string): { readonly ok: true; readonly name: string } | Refusal {
  // Before anything is done with it: normalising 10 KB is work for nothing.
  if (text.length > MACHINE_NAME_MAX_LENGTH * 2) return refuse('name_invalid', tooLong);
  const name = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\p{Zs}+/gu, ' ')
    .trim();
  if (name === '') return refuse('name_invalid', 'A machine needs a name.');
  if (name.length > MACHINE_NAME_MAX_LENGTH) return refuse('name_invalid', tooLong);
  if (!text.isWellFormed() || hasHidden(name)) {
    return refuse('name_invalid', 'The name holds characters that cannot be seen.');
  }
  return { ok: true, name };
}

const tooLong = `A machine's name has at most ${MACHINE_NAME_MAX_LENGTH} characters.`;
