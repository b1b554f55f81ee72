// Names within one workspace that could be taken for each other: the same shape in other letters (after Unicode
// TS #39), one slip apart, or the same number with its digits swapped. Numbers of a series are no such names:
// a warning at every SRV-02 beside SRV-01 would soon be read by nobody.
import type { MachineId } from '#protocol/ids.ts';
import type { WorkspaceContext } from './context.ts';
import { isOneEdit } from './one-edit.ts';

const TOLD_MAX = 10;
/** Look-alikes, separators and leading zeros change a name's length by no more than this. */
const LENGTH_APART = 3;
const READ_AT_ONCE = 5000;

/** Letters of other scripts, and figures, by the Latin letter that they look like. */
const SHAPES = new Map(
  Object.entries({
    a: 'аα',
    b: 'вβ8',
    c: 'сϲ',
    d: 'ԁ',
    e: 'еε',
    h: 'нһ',
    j: 'ј',
    k: 'кκ',
    l: 'iіι1|ӏ!',
    m: 'м',
    n: 'ո',
    o: 'оοσ0',
    p: 'рρ',
    q: 'ԛ',
    s: 'ѕ5',
    t: 'тτ',
    u: 'υս',
    v: 'ѵν',
    w: 'ԝω',
    x: 'хχ',
    y: 'уγ',
    z: 'ζ2',
  }).flatMap(([letter, shapes]) => Array.from(shapes, (shape) => [shape, letter] as const)),
);

/** What the name looks like at a glance. */
function skeletonOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[\s._-]+/g, '-')
    .replace(/(?<!\d)0+(?=\d)/g, '');
  let skeleton = '';
  for (const char of plain) skeleton += SHAPES.get(char) ?? char;
  return skeleton.replaceAll('rn', 'm').replaceAll('vv', 'w');
}

/** ASCII characters that no other ASCII one is taken for: names that differ in them have another shape. */
const OWN_SHAPES = /[^acdefghjkpqtuxy34679]+/g;

/** Tells of another name whether `name` could be taken for it. Made for many others. */
function confusableTest(name: string): (other: string) => boolean {
  const folded = name.toLowerCase();
  const skeleton = skeletonOf(name);
  const own = folded.replace(OWN_SHAPES, '');
  const plain = isAscii(name);
  return (other) => {
    const otherFolded = other.toLowerCase();
    if (folded === otherFolded || isDigitSwap(folded, otherFolded)) return true;
    if (isOneEdit(folded, otherFolded) && !isSeries(folded, otherFolded)) return true;
    if (plain && isAscii(other) && own !== otherFolded.replace(OWN_SHAPES, '')) return false;
    return skeleton === skeletonOf(other);
  };
}

function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}

/** Names of this workspace that `name` could be taken for, at most ten; the machine itself left out. */
export function confusableNames(context: WorkspaceContext, name: string, except: MachineId): string[] {
  const found: string[] = [];
  const confusable = confusableTest(name);
  const length = Array.from(name).length;
  const { last } = context.sql
    .exec<{ last: number }>('SELECT COALESCE(MAX(id), 0) AS last FROM machines')
    .one();
  for (let from = 0; from < last && found.length < TOLD_MAX; from += READ_AT_ONCE) {
    const { names } = context.sql
      .exec<{ names: string }>(
        `SELECT json_group_array(name) AS names FROM machines
         WHERE id > ? AND id <= ? AND machine_id <> ? AND length(name) BETWEEN ? AND ?`,
        from,
        from + READ_AT_ONCE,
        except,
        length - LENGTH_APART,
        length + LENGTH_APART,
      )
      .one();
    // Written by the query above. One value comes over for many names: a row each would cost more than the look.
    const some = JSON.parse(names) as string[];
    found.push(...some.filter(confusable));
  }
  return found.slice(0, TOLD_MAX);
}

/** Do they differ in figures alone? */
function isSeries(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const figures = /^\d*$/;
  return figures.test(a.slice(start, a.length - end)) && figures.test(b.slice(start, b.length - end));
}

/** Two figures that changed places: 12 and 21. */
function isDigitSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const apart: number[] = [];
  for (let at = 0; at < a.length && apart.length < 3; at += 1) if (a[at] !== b[at]) apart.push(at);
  const [first = 0, second = 0] = apart;
  return (
    apart.length === 2 &&
    /\d/.test(a.charAt(first)) &&
    /\d/.test(a.charAt(second)) &&
    a[first] === b[second] &&
    a[second] === b[first]
  );
}
