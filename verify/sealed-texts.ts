// Texts behind salted hashes: a field whose name ends with `_hash` holds SHA-256 over 16 random bytes and
// the text's UTF-8. The reviewers' edition shows salt and text, unless they were erased.
import { createHash } from 'node:crypto';
import { doubt } from './doubt.ts';
import type { Doubt } from './doubt.ts';
import type { Event, SealedLine } from './evidence-lines.ts';

/** Every salted hash of an event, by the JSON text of its path. */
export function saltedHashes(event: Event): Map<string, string> {
  const found = new Map<string, string>();
  collect(event, [], found);
  return found;
}

/** Takes the text's hash off `awaited`. */
export function readSealedText(
  line: SealedLine,
  event: Event | null,
  awaited: Map<string, string>,
  number: number,
): 'shown' | 'erased' | Doubt {
  const path = JSON.stringify(line.at);
  const hash = awaited.get(path);
  if (event?.seq !== line.seq || hash === undefined) {
    return doubt('sealed_differs', `Event ${line.seq} has no hash at ${path}.`, number);
  }
  awaited.delete(path);
  if (line.salt === null || line.text === null) return 'erased';
  const made = createHash('sha256').update(Buffer.from(line.salt, 'hex')).update(line.text).digest('hex');
  return made === hash
    ? 'shown'
    : doubt('sealed_differs', `Not the text behind ${path} of event ${line.seq}.`, number);
}

function collect(value: unknown, path: readonly (string | number)[], found: Map<string, string>): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collect(item, [...path, index], found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      if (name.endsWith('_hash') && typeof item === 'string')
        found.set(JSON.stringify([...path, name]), item);
      else if (typeof item === 'object') collect(item, [...path, name], found);
    }
  }
}
