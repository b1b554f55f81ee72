import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '#protocol/evidence/base64.ts';
import {
  consistencyPath,
  grow,
  inclusionPath,
  isConsistent,
  leafHash,
  nodeHash,
  perfectRanges,
  rootOf,
} from '#protocol/evidence/merkle-tree.ts';
import type { LeafRange } from '#protocol/evidence/merkle-tree.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The definitions of RFC 6962 §2.1 word for word, and nothing of ours. */
const largestPower = (n: number): number => 2 ** Math.ceil(Math.log2(n) - 1);
function mth(leaves: readonly Uint8Array[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return createHash('sha256').digest();
  if (leaves.length === 1)
    return createHash('sha256')
      .update(Buffer.from([0]))
      .update(only)
      .digest();
  const k = largestPower(leaves.length);
  return createHash('sha256')
    .update(Buffer.from([1]))
    .update(mth(leaves.slice(0, k)))
    .update(mth(leaves.slice(k)))
    .digest();
}
function path(m: number, leaves: readonly Uint8Array[]): Buffer[] {
  if (leaves.length === 1) return [];
  const k = largestPower(leaves.length);
  return m < k
    ? [...path(m, leaves.slice(0, k)), mth(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), mth(leaves.slice(0, k))];
}
function subproof(m: number, leaves: readonly Uint8Array[], whole: boolean): Buffer[] {
  if (m === leaves.length) return whole ? [] : [mth(leaves)];
  const k = largestPower(leaves.length);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), whole), mth(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), mth(leaves.slice(0, k))];
}

/** Leaves and answers of the reference tests of certificate-transparency (merkletree/merkle_tree_test.cc). */
const published = {
  leaves: [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ],
  roots: [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ],
  inclusion: [
    {
      index: 0,
      size: 8,
      path: [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    },
    {
      index: 5,
      size: 8,
      path: [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    },
    {
      index: 2,
      size: 3,
      path: ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    },
  ],
  consistency: [
    {
      older: 1,
      newer: 8,
      path: [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    },
    {
      older: 6,
      newer: 8,
      path: [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    },
    {
      older: 2,
      newer: 5,
      path: [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    },
  ],
};

function frontierOf(leaves: readonly Uint8Array[]): Uint8Array[] {
  let frontier: Uint8Array[] = [];
  for (const [size, leaf] of leaves.entries())
    frontier = grow(sha256, frontier, size, leafHash(sha256, leaf));
  return frontier;
}
const hashesOf = (leaves: readonly Uint8Array[], ranges: readonly LeafRange[]): string[] =>
  ranges.map(({ from, to }) => hex(rootOf(sha256, frontierOf(leaves.slice(from, to)))));

describe('the tree', () => {
  it('gives the published roots and proofs of Certificate Transparency', () => {
    const leaves = published.leaves.map((leaf) => Buffer.from(leaf, 'hex'));
    expect(hex(rootOf(sha256, []))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    for (const [index, root] of published.roots.entries()) {
      expect(hex(rootOf(sha256, frontierOf(leaves.slice(0, index + 1))))).toBe(root);
    }
    for (const { index, size, path: answer } of published.inclusion) {
      expect(hashesOf(leaves.slice(0, size), inclusionPath(index, size))).toEqual(answer);
    }
    for (const { older, newer, path: answer } of published.consistency) {
      expect(hashesOf(leaves.slice(0, newer), consistencyPath(older, newer))).toEqual(answer);
    }
  });

  it('is that of the RFC’s own recursion, with every proof, at every size up to 40', async () => {
    const leaves = Array.from({ length: 40 }, (_, index) => Buffer.from(`line ${index}`));
    const roots = Array.from({ length: 41 }, (_, size) => mth(leaves.slice(0, size)));
    const rootAt = (size: number): Uint8Array => roots[size] ?? Buffer.alloc(0);
    for (let size = 1; size <= leaves.length; size += 1) {
      const some = leaves.slice(0, size);
      expect(hex(rootOf(sha256, frontierOf(some)))).toBe(hex(rootAt(size)));
      for (let at = 0; at < size; at += 1) {
        expect(hashesOf(some, inclusionPath(at, size))).toEqual(path(at, some).map(hex));
      }
      for (let older = 1; older < size; older += 1) {
        const proof = subproof(older, some, true);
        expect(hashesOf(some, consistencyPath(older, size))).toEqual(proof.map(hex));
        const heads = [
          { size: older, root: rootAt(older) },
          { size, root: rootAt(size) },
        ] as const;
        expect(await isConsistent(sha256, ...heads, proof)).toBe(true);
        expect(await isConsistent(sha256, { size: older, root: rootAt(older - 1) }, heads[1], proof)).toBe(
          false,
        );
        expect(await isConsistent(sha256, heads[0], { size, root: rootAt(size - 1) }, proof)).toBe(false);
        expect(await isConsistent(sha256, ...heads, proof.slice(1))).toBe(false);
        expect(await isConsistent(sha256, ...heads, [...proof, rootAt(1)])).toBe(false);
      }
    }
  });

  it('is made again from what lies left and right of any range', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), fc.nat(300), (a, b, c) => {
        const [from = 0, to = 0, size = 0] = [a, b, c].toSorted((x, y) => x - y);
        const leaves = Array.from({ length: size }, (_, index) => Buffer.from(String(index)));
        const stack: { width: number; hash: Uint8Array }[] = [];
        const push = (width: number, hash: Uint8Array): void => {
          const top = stack.at(-1);
          if (top?.width !== width) return void stack.push({ width, hash });
          stack.pop();
          push(width * 2, nodeHash(sha256, top.hash, hash));
        };
        for (const range of [
          ...perfectRanges({ from: 0, to: from }),
          ...Array.from({ length: to - from }, (_, at) => ({ from: from + at, to: from + at + 1 })),
          ...perfectRanges({ from: to, to: size }),
        ]) {
          push(range.to - range.from, rootOf(sha256, frontierOf(leaves.slice(range.from, range.to))));
        }
        const hashes = stack.map(({ hash }) => hash);
        expect(hex(rootOf(sha256, hashes))).toBe(hex(mth(leaves)));
      }),
      { numRuns: 60 },
    );
  });
});

describe('base64', () => {
  it('is Node’s, and one text stands for bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(toBase64(bytes)).toBe(text);
        expect(fromBase64(text)).toEqual(new Uint8Array(bytes));
      }),
    );
    for (const wrong of ['A', 'AA=', 'AB==', 'A===', 'AA==\n', 'A-==', '=AAA'])
      expect(fromBase64(wrong)).toBeNull();
  });
});
