// How easily two clients' names are taken for each other, and which part of a name tells it from another.
import { editDistance } from '../edit-distance.ts';

/** A word of a name, with its place in UTF-16 units. */
export interface Word {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** From here on two names are look-alikes. */
const ALIKE_MIN = 0.5;
/** Fewer characters in common are chance, or one word such as a place's, which the measure by words counts better. */
const CHARACTERS_MIN = 0.65;
/** Look-alikes that are nearly as near as the nearest one count as well. */
const NEAREST_MARGIN = 0.1;
const WORD = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{M}]+|[\p{L}\p{M}]+|\p{N}+/gu;

/** `DentalCare_Westside` is Dental, Care, Westside. */
export function wordsOf(name: string): readonly Word[] {
  return Array.from(name.matchAll(WORD), ({ 0: text, index }) => ({
    text,
    from: index,
    to: index + text.length,
  }));
}

/** What of a name its likeness is measured by. */
interface Seen {
  readonly text: string;
  readonly words: readonly string[];
}

function seen(name: string): Seen {
  return { text: asSeen(name), words: wordsOf(name).map(seenText) };
}

/** 0 (nothing in common) to 1 (the same to a tired eye). */
export function likeness(one: string, other: string): number {
  return likenessOf(seen(one), seen(other));
}

function likenessOf(one: Seen, other: Seen): number {
  const shared = one.words.filter((word) => other.words.includes(word)).length;
  const byWords = (2 * shared) / Math.max(1, one.words.length + other.words.length);
  const longest = Math.max(1, one.text.length, other.text.length);
  const byCharacters = 1 - editDistance(one.text, other.text) / longest;
  return byCharacters < CHARACTERS_MIN ? byWords : Math.max(byCharacters, byWords);
}

export function areAlike(one: string, other: string): boolean {
  return likeness(one, other) >= ALIKE_MIN;
}

/** For each name, the places of its look-alikes. */
export function lookAlikes(names: readonly string[]): readonly (readonly number[])[] {
  const all = names.map(seen);
  const alike: number[][] = names.map(() => []);
  for (const [index, one] of all.entries()) {
    for (const [other, its] of all.slice(0, index).entries()) {
      if (likenessOf(one, its) < ALIKE_MIN) continue;
      alike[index]?.push(other);
      alike[other]?.push(index);
    }
  }
  return alike;
}

/** UTF-16 range of `name` that tells it from its nearest look-alikes: whole words. Without any, the whole name. */
export function distinctPart(name: string, others: readonly string[]): readonly [number, number] {
  const near = others
    .map((other) => ({ other, how: likeness(name, other) }))
    .filter(({ how }) => how >= ALIKE_MIN);
  const nearest = Math.max(...near.map(({ how }) => how));
  const ranges = near
    .filter(({ how }) => how >= nearest - NEAREST_MARGIN)
    .map(({ other }) => differenceFrom(name, other));
  if (ranges.length === 0) return [0, name.length];
  return [Math.min(...ranges.map(([from]) => from)), Math.max(...ranges.map(([, to]) => to))];
}

/** What is left of `name` without the words it begins and ends with like `other`. */
function differenceFrom(name: string, other: string): readonly [number, number] {
  const words = wordsOf(name);
  const own = words.map(({ text }) => text.toLowerCase());
  const its = wordsOf(other).map(({ text }) => text.toLowerCase());
  let start = 0;
  while (start < own.length && start < its.length && own[start] === its[start]) start += 1;
  let end = 0;
  while (
    end < Math.min(own.length, its.length) - start &&
    own[own.length - 1 - end] === its[its.length - 1 - end]
  )
    end += 1;
  const [first, last] = [words[start], words[own.length - 1 - end]];
  return first === undefined || last === undefined || first.from >= last.to
    ? [0, name.length]
    : [first.from, last.to];
}

function seenText({ text }: Word): string {
  return asSeen(text);
}

/** Letters that are read for each other become one; signs between words count for nothing. */
function asSeen(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll(/[1i|]/g, 'l')
    .replaceAll('0', 'o')
    .replaceAll('5', 's');
}
