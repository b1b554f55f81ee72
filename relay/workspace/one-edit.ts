/**
 * Is `b` one edit away from `a`: a letter more, less or another, or two neighbours swapped? Equal texts are not.
 * By UTF-16 units.
 */
export function isOneEdit(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  let end = 0;
  while (end < short.length - start && short.at(-1 - end) === long.at(-1 - end)) end += 1;
  const inShort = short.length - start - end;
  const inLong = long.length - start - end;
  if (inShort === 0) return inLong === 1;
  if (inShort === 1) return inLong === 1;
  return (
    inShort === 2 && inLong === 2 && short[start] === long[start + 1] && short[start + 1] === long[start]
  );
}
