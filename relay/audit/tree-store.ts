// The audit's Merkle tree in SQLite: the frontier beside its size, and the root of every full block of
// lines, so that any proof reads at most one block of lines at each edge. All state is in the tables: a
// transaction that is rolled back takes its leaves along, and a woken object has nothing to rebuild.
import { hash } from 'node:crypto';
import {
  grow,
  HASH_BYTES,
  nodeHash,
  perfectRanges,
  rootOf,
  sameBytes,
} from '#protocol/evidence/merkle-tree.ts';
import type { LeafRange } from '#protocol/evidence/merkle-tree.ts';
import { joinedBytes } from '#protocol/joined-bytes.ts';
import { sha256 } from './sha256.ts';

export interface StoredHead {
  /** Events, and the number of the last one. */
  readonly size: number;
  readonly frontier: readonly Uint8Array[];
  /** Events that need no checkpoint any more. While they are fewer than `size`, one is due. */
  readonly signedSize: number;
}

/** Lines in a block: 2 ** BLOCK_LEVEL. */
export const BLOCK = 256;
const BLOCK_LEVEL = 8;

export function readHead(sql: SqlStorage): StoredHead {
  const [row] = sql
    .exec<{ size: number; frontier: ArrayBuffer; signed_size: number }>(
      'SELECT size, frontier, signed_size FROM audit_head',
    )
    .toArray();
  if (row === undefined) return makeHead(sql);
  return { size: row.size, frontier: hashesOf(row.frontier), signedSize: row.signed_size };
}

/**
 * Add the next line to the tree. Call in the transaction that stores the line.
 * @returns the head from then on, which `writeHead` stores
 */
export function addLeaf(sql: SqlStorage, head: StoredHead, line: string): StoredHead {
  const leaf = leafOf(line);
  const size = head.size + 1;
  const frontier = grow(sha256, head.frontier, head.size, leaf);
  const grown = { ...head, size, frontier };
  if (size % BLOCK !== 0) return grown;
  // The last perfect subtrees below a full block are its levels 7 to 0.
  const root = head.frontier
    .slice(-BLOCK_LEVEL)
    .reduceRight((right, left) => nodeHash(sha256, left, right), leaf);
  sql.exec('INSERT OR REPLACE INTO audit_blocks (block, root) VALUES (?, ?)', size / BLOCK - 1, root);
  return grown;
}

/** Throws when something else was appended since `from` was read, or what led to `to` was taken back. */
export function writeHead(sql: SqlStorage, from: StoredHead, to: StoredHead): void {
  const { rowsWritten } = sql.exec(
    'UPDATE audit_head SET size = ?1, frontier = ?2 WHERE size = ?3 AND EXISTS (SELECT 1 FROM audit WHERE seq = ?1)',
    to.size,
    joinedBytes(to.frontier),
    from.size,
  );
  if (rowsWritten === 0) throw new Error('The audit grew beside its head.');
}

/** What the tree holds of a line, and keeps when the line is removed. */
export function leafOf(line: string): Uint8Array {
  // RFC 6962's 0x00 before a leaf is U+0000 in UTF-8 too: encoded and hashed at once, in no memory of ours.
  return hash('sha256', `\0${line}`, 'buffer');
}

/** The tree head of RFC 6962 over the first `size` lines. */
export function rootAt(sql: SqlStorage, size: number): Uint8Array {
  return subtreeRoot(sql, { from: 0, to: size });
}

/** MTH of a range as a proof names it. Over what is stored: a table that was tampered with gives another hash. */
export function subtreeRoot(sql: SqlStorage, range: LeafRange): Uint8Array {
  return rootOf(
    sha256,
    perfectRanges(range).map((perfect) => perfectRoot(sql, perfect)),
  );
}

/** Does the stored frontier belong to the stored lines? Reads the last block and the roots of all others. */
export function headHolds(sql: SqlStorage): boolean {
  const head = readHead(sql);
  const { last } = sql.exec<{ last: number | null }>('SELECT MAX(seq) AS last FROM audit').one();
  return (last ?? 0) === head.size && sameBytes(rootOf(sha256, head.frontier), rootAt(sql, head.size));
}

function perfectRoot(sql: SqlStorage, { from, to }: LeafRange): Uint8Array {
  let frontier: Uint8Array[] = [];
  let size = 0;
  const take = (hash: Uint8Array): void => {
    frontier = grow(sha256, frontier, size, hash);
    size += 1;
  };
  if (to - from >= BLOCK) {
    const roots = sql.exec<{ root: ArrayBuffer }>(
      'SELECT root FROM audit_blocks WHERE block >= ? AND block < ? ORDER BY block',
      from / BLOCK,
      to / BLOCK,
    );
    for (const { root } of roots) take(new Uint8Array(root));
  } else {
    const lines = sql.exec<{ line: string; leaf: ArrayBuffer | null }>(
      'SELECT line, leaf FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq',
      from,
      to,
    );
    for (const { line, leaf } of lines) take(leaf === null ? leafOf(line) : new Uint8Array(leaf));
  }
  return rootOf(sha256, frontier);
}

/** The first look at an audit: empty, or with lines from before there was a tree, which the next event's checkpoint covers. */
function makeHead(sql: SqlStorage): StoredHead {
  sql.exec(
    'INSERT INTO audit_head (only, size, frontier, signed_size) VALUES (1, 0, ?, 0)',
    new Uint8Array(0),
  );
  const empty: StoredHead = { size: 0, frontier: [], signedSize: 0 };
  let head = empty;
  for (const { line } of sql.exec<{ line: string }>('SELECT line FROM audit ORDER BY seq').toArray()) {
    head = addLeaf(sql, head, line);
  }
  if (head.size > 0) writeHead(sql, empty, head);
  sql.exec('UPDATE audit_head SET signed_size = size');
  return readHead(sql);
}

function hashesOf(blob: ArrayBuffer): Uint8Array[] {
  return Array.from(
    { length: blob.byteLength / HASH_BYTES },
    (_, index) => new Uint8Array(blob, index * HASH_BYTES, HASH_BYTES),
  );
}
