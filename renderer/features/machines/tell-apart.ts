// Which part of a name tells it from another that looks almost the same.

export interface Span {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

const SHARED_MIN = 4;
const APART_MAX = 3;

/**
 * Where `name` differs from a neighbour that is alike but for a few characters; null when they are not alike.
 * By UTF-16 units of `name`, in any case.
 */
export function apartFrom(name: string, other: string): Span | null {
  const [a, b] = [name.toLowerCase(), other.toLowerCase()];
  if (a.length !== name.length || a === b || Math.abs(a.length - b.length) > 1) return null;
  const { start, end } = shared(a, b);
  const from = start;
  const to = a.length - end;
  return start + end >= SHARED_MIN && to - from <= APART_MAX ? { from, to } : null;
}

/** Where a name that is only close in spelling differs from the query: around the slip. */
export function slipIn(name: string, query: string): Span | null {
  const text = name.toLowerCase();
  if (text.length !== name.length) return null;
  for (const word of query.toLowerCase().split(/\s+/u)) {
    if (word.length < SHARED_MIN || text.includes(word)) continue;
    for (const length of [word.length, word.length + 1, word.length - 1]) {
      for (let at = 0; at + length <= text.length; at += 1) {
        const { start, end } = shared(text.slice(at, at + length), word);
        if (start + end >= Math.max(length, word.length) - 2) {
          // A letter that is missing from the name has no place of its own: its neighbours are marked.
          const from = at + start;
          const to = at + length - end;
          return to > from
            ? { from, to }
            : { from: Math.max(0, from - 1), to: Math.min(text.length, to + 1) };
        }
      }
    }
  }
  return null;
}

/** Characters that both begin and end with, counted once each. */
function shared(a: string, b: string): { readonly start: number; readonly end: number } {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < most - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return { start, end };
}
