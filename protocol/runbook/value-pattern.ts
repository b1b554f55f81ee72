// What a value may look like: a small part of regular expressions, characters and classes with counts in a row.
// No groups and no alternatives: the relay matches what an administrator wrote, so no pattern may be a slow one.

interface Atom {
  /** Matches one character. */
  readonly one: RegExp;
  readonly min: number;
  readonly max: number;
}

const ATOM =
  /(\[\^?[^[\]\\]+\]|\\[dw.*+?()[\]{}|^$\\/-]|[^[\](){}|^$*+?\\])(?:([*+?])|\{(\d{1,3})(?:(,)(\d{1,3})?)?\})?/uy;

/** Null: it is none. */
function readPattern(pattern: string): readonly Atom[] | null {
  const atoms: Atom[] = [];
  ATOM.lastIndex = 0;
  while (ATOM.lastIndex < pattern.length) {
    const found = ATOM.exec(pattern);
    if (found === null) return null;
    const [, one = '', sign, least, comma, most] = found;
    const min = least === undefined ? (sign === '*' || sign === '?' ? 0 : 1) : Number(least);
    const max = maxOf(sign, least, comma, most);
    try {
      atoms.push({ one: new RegExp(`^${one}$`, 'su'), min, max });
    } catch {
      return null;
    }
    if (max < min) return null;
  }
  return atoms.length === 0 ? null : atoms;
}

function maxOf(sign?: string, least?: string, comma?: string, most?: string): number {
  if (sign === '*' || sign === '+') return Number.POSITIVE_INFINITY;
  if (least === undefined) return 1;
  if (comma === undefined) return Number(least);
  return most === undefined ? Number.POSITIVE_INFINITY : Number(most);
}

export function isValuePattern(pattern: string): boolean {
  return readPattern(pattern) !== null;
}

/** Does the whole value look so? Costs at most its length squared for each part of the pattern. */
export function matchesPattern(pattern: string, value: string): boolean {
  const atoms = readPattern(pattern);
  if (atoms === null) return false;
  const characters = Array.from(value);
  let reached = new Set([0]);
  for (const { one, min, max } of atoms) {
    const next = new Set<number>();
    for (const start of reached) {
      for (let at = start; ; at += 1) {
        if (at - start >= min) next.add(at);
        const character = characters[at];
        if (character === undefined || at - start >= max || !one.test(character)) break;
      }
    }
    reached = next;
  }
  return reached.has(characters.length);
}
