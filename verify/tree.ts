// RFC 6962 §2.1, written from the RFC for this verifier alone: it shares no code with what it verifies.
import { createHash } from 'node:crypto';

/** A perfect subtree of `width` leaves. */
interface Subtree {
  readonly width: number;
  readonly hash: Buffer;
}

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

export function leafHash(line: Uint8Array): Buffer {
  return createHash('sha256').update(LEAF).update(line).digest();
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}

/** A tree that grows to the right by leaves or perfect subtrees. */
export class GrowingTree {
  readonly #stack: Subtree[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(width: number, hash: Buffer): void {
    this.#size += width;
    let subtree: Subtree = { width, hash };
    for (let top = this.#stack.at(-1); top?.width === subtree.width; top = this.#stack.at(-1)) {
      this.#stack.pop();
      subtree = { width: top.width * 2, hash: nodeHash(top.hash, subtree.hash) };
    }
    this.#stack.push(subtree);
  }

  root(): Buffer {
    const hashes = this.#stack.map(({ hash }) => hash);
    const last = hashes.pop();
    if (last === undefined) return createHash('sha256').digest();
    return hashes.reduceRight((right, left) => nodeHash(left, right), last);
  }
}

/** Widths of the perfect, aligned subtrees from leaf `from` to leaf `to`, left to right. */
export function perfectWidths(from: number, to: number): number[] {
  const widths: number[] = [];
  let at = from;
  while (at < to) {
    let width = 1;
    while (at % (2 * width) === 0 && at + 2 * width <= to) width *= 2;
    widths.push(width);
    at += width;
  }
  return widths;
}

/** What a consistency proof from `older` (whose root is given) to `newer` says both roots are; null: malformed. */
export function rootsOfProof(
  older: number,
  newer: number,
  olderRoot: Buffer,
  proof: readonly Buffer[],
): { readonly older: Buffer; readonly newer: Buffer } | null {
  const rest = [...proof];
  // The subtree of the older tree at the right edge of what both have whole.
  const roots = (function walk(
    size: number,
    whole: boolean,
    m: number,
  ): { older: Buffer; newer: Buffer } | null {
    if (m === size) {
      const hash = whole ? olderRoot : rest.shift();
      return hash === undefined ? null : { older: hash, newer: hash };
    }
    let split = 1;
    while (split * 2 < size) split *= 2;
    const inner = m <= split ? walk(split, whole, m) : walk(size - split, false, m - split);
    const hash = rest.shift();
    if (inner === null || hash === undefined) return null;
    return m <= split
      ? { older: inner.older, newer: nodeHash(inner.newer, hash) }
      : { older: nodeHash(hash, inner.older), newer: nodeHash(hash, inner.newer) };
  })(newer, true, older);
  return rest.length === 0 ? roots : null;
}
