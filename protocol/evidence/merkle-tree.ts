// The Merkle tree of RFC 6962 §2.1 over the audit's lines. Leaves and nodes are hashed under different
// prefixes; the tree of n leaves splits at the largest power of two below n. Nothing here reads a clock,
// a store or a key: SHA-256 is passed in, and proofs are first told as ranges of leaves, whose hashes the
// owner of the leaves then finds.

export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** Leaves `from` (inclusive, from 0) to `to` (exclusive). */
export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

export const HASH_BYTES = 32;

/** @param line UTF-8 of the exact public line, without its line break */
export function leafHash(sha256: Sha256, line: Uint8Array): Uint8Array {
  const input = new Uint8Array(line.length + 1);
  input.set(line, 1);
  return sha256(input);
}

export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(nodeInput(left, right));
}

/**
 * The frontier of a tree one leaf larger. A frontier is the hashes of the perfect subtrees that a tree of
 * `size` leaves consists of, largest first: one for each 1 in the binary form of `size`.
 */
export function grow(
  sha256: Sha256,
  frontier: readonly Uint8Array[],
  size: number,
  leaf: Uint8Array,
): Uint8Array[] {
  const grown = [...frontier];
  let hash = leaf;
  for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
    const left = grown.pop();
    if (left === undefined) throw new Error('This frontier is not of that size.');
    hash = nodeHash(sha256, left, hash);
  }
  grown.push(hash);
  return grown;
}

/** The root of the tree that the frontier stands for. */
export function rootOf(sha256: Sha256, frontier: readonly Uint8Array[]): Uint8Array {
  const last = frontier.at(-1);
  if (last === undefined) return sha256(new Uint8Array(0));
  return frontier.slice(0, -1).reduceRight((right, left) => nodeHash(sha256, left, right), last);
}

/** The perfect, aligned subtrees that cover `from`…`to`, left to right. */
export function perfectRanges({ from, to }: LeafRange): LeafRange[] {
  const ranges: LeafRange[] = [];
  let at = from;
  while (at < to) {
    let width = 1;
    while (at % (width * 2) === 0 && at + width * 2 <= to) width *= 2;
    ranges.push({ from: at, to: at + width });
    at += width;
  }
  return ranges;
}

/** PATH(index, D[size]) of RFC 6962 §2.1.1: the audit path of one leaf, lowest first. */
export function inclusionPath(index: number, size: number): LeafRange[] {
  const path: LeafRange[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const split = from + largestPowerBelow(to - from);
    if (index < split) {
      path.unshift({ from: split, to });
      to = split;
    } else {
      path.unshift({ from, to: split });
      from = split;
    }
  }
  return path;
}

/** PROOF(older, D[newer]) of RFC 6962 §2.1.2. Empty when one tree is empty or both are the same. */
export function consistencyPath(older: number, newer: number): LeafRange[] {
  if (older === 0 || older >= newer) return [];
  const path: LeafRange[] = [];
  let from = 0;
  let to = newer;
  // While `older` ends right of the split, the left half is whole in both trees.
  let whole = true;
  while (older !== to) {
    const split = from + largestPowerBelow(to - from);
    if (older <= split) {
      path.unshift({ from: split, to });
      to = split;
    } else {
      path.unshift({ from, to: split });
      from = split;
      whole = false;
    }
  }
  if (!whole) path.unshift({ from, to });
  return path;
}

/** What hashes for a verifier; a browser's answers later. */
export type AnySha256 = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array | Promise<Uint8Array>;

export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Is the older tree a beginning of the newer one? By RFC 9162 §2.1.4.2; an empty tree begins every tree. */
export async function isConsistent(
  sha256: AnySha256,
  older: TreeHead,
  newer: TreeHead,
  proof: readonly Uint8Array[],
): Promise<boolean> {
  if (older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && sameBytes(older.root, newer.root);
  if (older.size === 0) return proof.length === 0;
  const path = [...proof];
  if (isPowerOfTwo(older.size)) path.unshift(older.root);
  const first = path.shift();
  if (first === undefined) return false;
  let node = older.size - 1;
  let last = newer.size - 1;
  while (node % 2 === 1) {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  let olderRoot = first;
  let newerRoot = first;
  for (const hash of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      olderRoot = await sha256(nodeInput(hash, olderRoot));
      newerRoot = await sha256(nodeInput(hash, newerRoot));
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2);
        last = Math.floor(last / 2);
      }
    } else {
      newerRoot = await sha256(nodeInput(newerRoot, hash));
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && sameBytes(olderRoot, older.root) && sameBytes(newerRoot, newer.root);
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

function nodeInput(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const input = new Uint8Array(1 + left.length + right.length);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + left.length);
  return input;
}

/** The largest power of two smaller than `count`, which is at least 2. */
export function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}
