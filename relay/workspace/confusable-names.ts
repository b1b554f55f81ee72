// Names within one workspace that could be taken for each other: the same shape in other letters (after Unicode
// TS #39), one slip apart, or the same number with its digits swapped. Numbers of a series are no such names:
// a warning at every SRV-02 beside SRV-01 would soon be read by nobody.
import type { MachineId } from '#protocol/ids.ts';
import type { WorkspaceContext } from './context.ts';
import { isOneEdit } from './one-edit.ts';

const TOLD_MAX = 10;
/** Look-alikes, separators and leading zeros change a name's length by no more than this. */
const LENGTH_APART = 3;

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
export function skeletonOf(name: string): string {
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

export function areConfusable(a: string, b: string): boolean {
  const [one, other] = [a.toLowerCase(), b.toLowerCase()];
  if (one === other || isDigitSwap(one, other)) return true;
  if (isOneEdit(one, other) && !isSeries(one, other)) return true;
  return skeletonOf(a) === skeletonOf(b);
}

/** Names of this workspace that `name` could be taken for, at most ten; the machine itself left out. */
export function confusableNames(context: WorkspaceContext, name: string, except: MachineId): string[] {
  const found: string[] = [];
  const rows = context.sql.exec<{ name: string }>(
    'SELECT name FROM machines WHERE machine_id <> ? AND length(name) BETWEEN ? AND ?',
    except,
    Array.from(name).length - LENGTH_APART,
    Array.from(name).length + LENGTH_APART,
  );
  for (const row of rows) {
    if (areConfusable(name, row.name)) found.push(row.name);
    if (found.length === TOLD_MAX) break;
  }
  return found;
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
