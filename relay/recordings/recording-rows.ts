// A recording as the session's object holds it while it is made, and until it lies in the store: rows.
import { CHAIN_START } from './recording-chain.ts';
import type { RecordedBatch } from './recording-chain.ts';

/** How much is taken at once: of each whichever comes first. */
export interface Portion {
  readonly bytes: number;
  readonly batches: number;
}

/** The batches after this one, and the chain's hash after the last of them. */
export function rowsAfter(
  sql: SqlStorage,
  after: number,
  portion: Portion,
): { readonly batches: RecordedBatch[]; readonly hash: string } {
  const rows = sql.exec<{
    id: number;
    at: number;
    offset: number;
    data: ArrayBuffer | null;
    cols: number | null;
    rows: number | null;
    hash: string;
  }>(
    'SELECT id, at, offset, data, cols, rows, hash FROM recording WHERE id > ? ORDER BY id LIMIT ?',
    after,
    portion.batches,
  );
  const batches: RecordedBatch[] = [];
  let bytes = 0;
  let hash = hashAt(sql, after);
  for (const { id, at, offset: offsetBytes, data, cols, rows: lines, hash: itsHash } of rows) {
    if (bytes >= portion.bytes) break;
    bytes += data?.byteLength ?? 0;
    hash = itsHash;
    const event =
      data === null
        ? ({ kind: 'resize', at, offsetBytes, cols: cols ?? 80, rows: lines ?? 24 } as const)
        : ({ kind: 'output', at, offsetBytes, data: new Uint8Array(data).toBase64() } as const);
    batches.push({ id, event });
  }
  return { batches, hash };
}

/** The chain's hash after this row; before the first row the chain's start. */
export function hashAt(sql: SqlStorage, id: number): string {
  const [row] = sql.exec<{ hash: string }>('SELECT hash FROM recording WHERE id = ?', id).toArray();
  return row?.hash ?? CHAIN_START;
}

/** The id of the last row; 0 without one. */
export function lastRow(sql: SqlStorage): number {
  return sql.exec<{ id: number | null }>('SELECT MAX(id) AS id FROM recording').one().id ?? 0;
}
